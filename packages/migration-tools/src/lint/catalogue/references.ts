/** What a statement needs to be there already. */
import { type Node, nodesIn, pick, pickAll, relationsIn, typesIn, words } from "../source/ast.ts";
import { relationName, schemaOf } from "../source/names.ts";
import type { SourceFile, Sql, Statement } from "../source/source-file.ts";
import type { Kind } from "./catalogue.ts";
import { grantedObjects, namedObject } from "./fold-facts.ts";
import { isPlatform } from "./platform.ts";

export interface Reference {
  /** It is one of these. */
  kinds: Kind[];
  /** As in the catalogue; a function without types means any of that name. */
  name: string;
  offset: number;
}

const relations: Kind[] = ["table", "view", "sequence"];

/** Names that one query gives to rows of its own: they hide tables. */
export function localNames(root: unknown): Set<string> {
  return new Set([...nodesIn(root, "CommonTableExpr")].map(({ ctename }) => ctename ?? ""));
}

/** Names under which triggers pass changed rows to their functions. */
export function transitionNames(files: SourceFile[]): Set<string> {
  const triggers = files.flatMap(({ statements }) =>
    statements.flatMap(({ node }) => pick(node, "CreateTrigStmt") ?? []),
  );
  return new Set(
    triggers.flatMap(({ transitionRels }) =>
      pickAll(transitionRels, "TriggerTransition").map(({ name }) => name ?? ""),
    ),
  );
}

/** Tables, functions and types that a piece of SQL names, but for those of the platform. */
export function referencesIn(sql: Sql, local: Set<string>): Reference[] {
  const own = localNames(sql.node);
  const found: Reference[] = [];
  const made = madeRelation(sql.node);
  for (const relation of relationsIn(sql.node)) {
    const bare = relation.schemaname ? "" : (relation.relname ?? "");
    const name = relationName(relation);
    if (own.has(bare) || local.has(bare) || name === made) continue;
    found.push({ kinds: relations, name, offset: sql.at(relation.location) });
  }
  for (const { funcname, location } of nodesIn(sql.node, "FuncCall")) {
    const name = words(funcname);
    if (name.length > 1)
      found.push({ kinds: ["function"], name: name.join("."), offset: sql.at(location) });
  }
  for (const type of typesIn(sql.node)) {
    const name = words(type.names);
    if (name.length > 1) {
      found.push({
        kinds: ["type", "table", "view"],
        name: name.join("."),
        offset: sql.at(type.location),
      });
    }
  }
  return found.filter(({ name }) => !isPlatform(schemaOf(name)));
}

/** The relation that a statement makes needs not be there. */
function madeRelation(node: Node): string | null {
  const made =
    pick(node, "CreateStmt")?.relation ??
    pick(node, "ViewStmt")?.view ??
    pick(node, "CreateTableAsStmt")?.into?.rel ??
    pick(node, "SelectStmt")?.intoClause?.rel ??
    pick(node, "CreateSeqStmt")?.sequence ??
    pick(node, "CompositeTypeStmt")?.typevar;
  return made ? relationName(made) : null;
}

/** What a drop, comment, grant or trigger names by other means than a plain name of a table. */
export function objectReferences(statement: Statement): Reference[] {
  const { node, start } = statement;
  const dropped = pick(node, "DropStmt");
  const comment = pick(node, "CommentStmt");
  const grant = pick(node, "GrantStmt");
  const named = [
    ...(dropped?.objects ?? []).map((object) => namedObject(dropped?.removeType, object)),
    comment ? namedObject(comment.objtype, comment.object) : null,
    ...(grant ? grantedObjects(grant).filter(({ kind }) => kind !== "table") : []),
  ];
  const references = named.flatMap((object): Reference[] => {
    if (!object) return [];
    const { kind, name, table } = object;
    const kinds: Kind[] = kind === "table" ? relations : [kind];
    // A table that is missing says more than the policy that is missing on it.
    if (table)
      return [
        { kinds: relations, name: table, offset: start },
        { kinds, name, offset: start },
      ];
    return [{ kinds, name, offset: start }];
  });
  const trigger = words(pick(node, "CreateTrigStmt")?.funcname);
  if (trigger.length > 1)
    references.push({ kinds: ["function"], name: trigger.join("."), offset: start });
  return references.filter(({ name }) => !isPlatform(schemaOf(name.split(" on ").at(-1) ?? name)));
}

/** Columns that an index, key, comment, grant, insert or trigger names of one table. */
export function columnReferences(sql: Sql): Reference[] {
  const { node } = sql;
  const column = (table: string, names: (string | undefined)[], location?: number): Reference[] =>
    names.flatMap((name) =>
      name ? [{ kinds: ["column"], name: `${table}.${name}`, offset: sql.at(location) }] : [],
    );
  const found: Reference[] = [];
  const index = pick(node, "IndexStmt");
  if (index) {
    const names = pickAll(index.indexParams, "IndexElem").map(({ name }) => name);
    found.push(...column(relationName(index.relation), names, index.relation?.location));
  }
  for (const { relation, cols } of nodesIn(node, "InsertStmt")) {
    for (const { name, location } of pickAll(cols, "ResTarget")) {
      found.push(...column(relationName(relation), [name], location));
    }
  }
  const table = pick(node, "CreateStmt")?.relation ?? pick(node, "AlterTableStmt")?.relation;
  for (const constraint of nodesIn(node, "Constraint")) {
    const keys = [...words(constraint.keys), ...words(constraint.fk_attrs)];
    found.push(...column(relationName(table), keys, constraint.location));
    found.push(
      ...column(relationName(constraint.pktable), words(constraint.pk_attrs), constraint.location),
    );
  }
  const trigger = pick(node, "CreateTrigStmt");
  found.push(
    ...column(
      relationName(trigger?.relation),
      words(trigger?.columns),
      trigger?.relation?.location,
    ),
  );
  const grant = pick(node, "GrantStmt");
  for (const { kind, name } of grant ? grantedObjects(grant) : []) {
    const names = pickAll(grant?.privileges, "AccessPriv").flatMap(({ cols }) => words(cols));
    if (kind === "table") found.push(...column(name, names));
  }
  return found.filter(({ name }) => !isPlatform(schemaOf(name)));
}
