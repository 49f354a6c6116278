import { type ForeignKey, nameId, type Relation } from "./catalog.ts";
import type { QualifiedName } from "./sql-text.ts";

/** Where a view's column comes from, by the number of both columns. */
interface Origin {
  number: number;
  tableId: number;
  tableColumn: number;
}

/**
 * Views have the keys of the tables that they read, as far as they show all columns of a key:
 * `projects` can be embedded in a view of `tasks` as in the table.
 */
export function withViews(
  all: Relation[],
  foreignKeys: ForeignKey[],
): { relations: Map<string, Relation>; foreignKeys: ForeignKey[] } {
  const byId = new Map(all.map((relation) => [relation.id, relation]));
  const views = all.filter(({ isView }) => isView);
  /** Of each table's columns: the views that show them, and under which names. */
  const shown = views.map((view) => ({ view, columns: columnsOf(view) }));

  for (const { view, columns } of shown) {
    for (const tableId of new Set(columns.map((column) => column.tableId))) {
      for (const key of byId.get(tableId)?.keys ?? []) {
        const names = renamed(columns, tableId, key.columns);
        if (names !== null) view.keys.push({ ...key, columns: names });
      }
    }
  }
  const relations = new Map(all.map((relation) => [nameId(relation), relation]));
  const placesOf = (table: QualifiedName, columns: string[]) => {
    const id = relations.get(nameId(table))?.id;
    const places = shown.flatMap(({ view, columns: own }) => {
      const names = id === undefined ? null : renamed(own, id, columns);
      return names === null
        ? []
        : [{ table: { schema: view.schema, name: view.name }, columns: names }];
    });
    return [{ table, columns }, ...places];
  };
  return {
    relations,
    foreignKeys: foreignKeys.flatMap((key) =>
      placesOf(key.table, key.columns).flatMap((from) =>
        placesOf(key.target, key.targetColumns).map((to) => ({
          name: key.name,
          table: from.table,
          columns: from.columns,
          target: to.table,
          targetColumns: to.columns,
        })),
      ),
    ),
  };

  /** Through views of views down to tables. */
  function columnsOf(view: Relation): { name: string; tableId: number; column: string }[] {
    return originsOf(view.query ?? "").flatMap(({ number, tableId, tableColumn }) => {
      const name = view.columns.find((column) => column.number === number)?.name;
      const table = byId.get(tableId);
      const column = table?.columns.find((one) => one.number === tableColumn)?.name;
      if (name === undefined || table === undefined || column === undefined) return [];
      if (!table.isView) return [{ name, tableId, column }];
      return columnsOf(table)
        .filter((inner) => inner.name === column)
        .map((inner) => ({ ...inner, name }));
    });
  }
}

function renamed(
  shown: { name: string; tableId: number; column: string }[],
  tableId: number,
  columns: string[],
): string[] | null {
  const names = columns.flatMap((column) => {
    const found = shown.find((one) => one.tableId === tableId && one.column === column);
    return found === undefined ? [] : [found.name];
  });
  return names.length === columns.length ? names : null;
}

/** The target list of the outermost query in Postgres' printed parse tree, `({QUERY …})`. */
function originsOf(tree: string): Origin[] {
  const origins: Origin[] = [];
  let depth = 0;
  // Braces and parentheses nest; those in names are escaped with a backslash.
  for (const [word, , number, tableId, tableColumn] of tree.matchAll(
    /\\.|[{}()]|(:resno (\d+) :resname (?:\\.|[^ ])* :ressortgroupref \d+ :resorigtbl (\d+) :resorigcol (\d+))/g,
  )) {
    if (word === "{" || word === "(") depth++;
    else if (word === "}" || word === ")") depth--;
    else if (number !== undefined && depth === targetDepth) {
      origins.push({
        number: Number(number),
        tableId: Number(tableId),
        tableColumn: Number(tableColumn),
      });
    }
  }
  return origins;
}

/** `( {QUERY … ( {TARGETENTRY` of the outermost query. */
const targetDepth = 4;
