import type { ForeignKey } from "../../relationships/foreign-keys.ts";
import { type Catalogue, ofTable, type Table } from "../catalogue.ts";
import { shortType } from "../expressions.ts";

/** A Mermaid diagram of one schema's tables, with the columns that tie them together. */
export function diagram(catalogue: Catalogue, schema: string): string {
  const tables = catalogue.tables.filter((table) => table.schema === schema);
  const keys = foreignKeys(catalogue).filter((key) => key.schema === schema);
  const outside = [...new Set(keys.filter((key) => key.targetSchema !== schema).map(entityOf))];
  return [
    "```mermaid",
    "erDiagram",
    ...outside.map((name) => `  ${name} {\n    uuid id PK\n  }`),
    ...tables.map((table) => entity(catalogue, table, keys)),
    ...keys.map(
      (key) =>
        `  ${entityOf(key)} ${key.isNullable ? "|o" : "||"}--${key.isUnique ? "o|" : "o{"} ${key.table} : "${key.columns.join(", ")}"`,
    ),
    "```",
  ].join("\n");
}

/** Each foreign key once, whether the Data API can follow it or not. */
function foreignKeys({ relationships }: Catalogue): ForeignKey[] {
  const followed = relationships.reachable.flatMap(({ key, table }) =>
    key !== undefined && key.table === table ? [key] : [],
  );
  const all = [...relationships.unreachable.map(({ key }) => key), ...followed];
  return all.filter((key, index) => all.findIndex((other) => isSame(key, other)) === index);
}

function isSame(one: ForeignKey, other: ForeignKey): boolean {
  return one.schema === other.schema && one.table === other.table && one.name === other.name;
}

/** Mermaid's names have no dots. */
function entityOf({ schema, targetSchema, targetTable }: ForeignKey): string {
  return targetSchema === schema ? targetTable : `${targetSchema}_${targetTable}`;
}

function entity(catalogue: Catalogue, table: Table, keys: ForeignKey[]): string {
  const constraints = ofTable(catalogue.constraints, table);
  const columnsOf = (kind: string) =>
    constraints.filter((one) => one.kind === kind).map(({ columns }) => columns ?? []);
  const primary = columnsOf("p").flat();
  const unique = columnsOf("u")
    .filter((columns) => columns.length === 1)
    .flat();
  const foreign = keys.filter((key) => key.table === table.name).flatMap(({ columns }) => columns);
  const lines = table.columns.flatMap(({ name, type }) => {
    const marks = [
      ...(primary.includes(name) ? ["PK"] : []),
      ...(foreign.includes(name) ? ["FK"] : []),
      ...(unique.includes(name) && !primary.includes(name) ? ["UK"] : []),
    ];
    if (marks.length === 0 && !/status$/.test(name)) return [];
    return [`    ${shortType(type).replaceAll(/\W/g, "_")} ${name} ${marks.join(", ")}`.trimEnd()];
  });
  return `  ${table.name} {\n${lines.join("\n")}\n  }`;
}
