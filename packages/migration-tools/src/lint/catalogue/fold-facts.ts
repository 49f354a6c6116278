import { type Node, type NodeOf, pick, pickAll, words } from "../source/ast.ts";
import { functionName, qualified, relationName } from "../source/names.ts";
import type { Statement } from "../source/source-file.ts";
import type { Catalogue, Kind } from "./catalogue.ts";
import { tableParts } from "./fold-table.ts";

/** The parser's word for a kind of object, and ours. */
const kinds: Partial<Record<NonNullable<NodeOf<"DropStmt">["removeType"]>, Kind>> = {
  OBJECT_SCHEMA: "schema",
  OBJECT_TABLE: "table",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "view",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_COLUMN: "column",
  OBJECT_INDEX: "index",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "function",
  OBJECT_TRIGGER: "trigger",
  OBJECT_POLICY: "policy",
  OBJECT_TABCONSTRAINT: "constraint",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "type",
  OBJECT_PUBLICATION: "publication",
};

export interface Named {
  kind: Kind;
  name: string;
  /** Of a trigger or policy the table it is on. */
  table: string | null;
}

/** What a `drop`, `comment on` or `grant` names. */
export function namedObject(
  type: NodeOf<"DropStmt">["removeType"] | undefined,
  object: Node | undefined,
): Named | null {
  const kind = type && kinds[type];
  if (!kind) return null;
  const routine = pick(object, "ObjectWithArgs");
  if (routine) return { kind, name: functionName(routine), table: null };
  const relation = pick(object, "RangeVar");
  if (relation) return { kind, name: relationName(relation), table: null };
  const typed = pick(object, "TypeName");
  const parts = typed ? words(typed.names) : words(pick(object, "List")?.items);
  const single = pick(object, "String")?.sval;
  if (single) parts.push(single);
  if (kind === "trigger" || kind === "policy" || kind === "constraint") {
    const table = qualified(parts.slice(0, -1));
    return { kind, name: `${parts.at(-1)} on ${table}`, table };
  }
  if (kind === "column") {
    const table = qualified(parts.slice(0, -1));
    return { kind, name: `${table}.${parts.at(-1)}`, table };
  }
  const isGlobal = kind === "schema" || kind === "publication";
  return { kind, name: isGlobal ? parts.join(".") : qualified(parts), table: null };
}

export function foldComment(catalogue: Catalogue, statement: Statement): void {
  const made = pick(statement.node, "CommentStmt");
  const named = namedObject(made?.objtype, made?.object);
  if (named && made?.comment?.trim()) {
    catalogue.add({ kind: "comment", name: `${named.kind} ${named.name}`, statement });
  }
}

export function foldDrop(catalogue: Catalogue, statement: Statement): void {
  const dropped = pick(statement.node, "DropStmt");
  for (const object of dropped?.objects ?? []) {
    const named = namedObject(dropped?.removeType, object);
    if (!named) continue;
    const { kind, name } = named;
    catalogue.end(statement, [kind], (entry) => entry.name === name || entry.owner === name);
    if (kind === "table" || kind === "view") {
      catalogue.end(statement, [...tableParts, "sequence"], ({ owner }) => owner === name);
    }
    catalogue.end(
      statement,
      ["comment", "revoke", "grant"],
      ({ owner }) => owner === `${kind} ${name}`,
    );
  }
}

/** Grants of tables, sequences, functions and schemas, one by one. */
export function grantedObjects(grant: NodeOf<"GrantStmt">): Named[] {
  return (grant.objects ?? []).flatMap((object) => {
    const type = grant.objtype === "OBJECT_ROUTINE" ? "OBJECT_FUNCTION" : grant.objtype;
    return namedObject(type, object) ?? [];
  });
}

export function foldGrant(catalogue: Catalogue, statement: Statement): void {
  const made = pick(statement.node, "GrantStmt");
  if (!made) return;
  const columns = pickAll(made.grantees, "RoleSpec").map(({ rolename }) => rolename ?? "public");
  for (const { kind, name } of grantedObjects(made)) {
    // A view is granted as a table is.
    catalogue.add({
      kind: made.is_grant ? "grant" : "revoke",
      name: `${kind} ${name}`,
      columns,
      statement,
    });
  }
}
