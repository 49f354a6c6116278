import { pick } from "../source/ast.ts";
import { functionName, relationName, schemaOf } from "../source/names.ts";
import type { Statement } from "../source/source-file.ts";
import type { Catalogue, Entry } from "./catalogue.ts";

/** A renamed table or column stays what the migration that made it has made. */
export function foldRename(catalogue: Catalogue, statement: Statement): void {
  const renamed = pick(statement.node, "RenameStmt");
  if (!renamed) return;
  const routine = pick(renamed.object, "ObjectWithArgs");
  if (routine) {
    const old = functionName(routine);
    const parts = ({ kind, name, owner }: Entry) =>
      kind === "function" && (name === old || owner === old);
    replace(catalogue, statement, parts, (entry) => {
      const owner = `${schemaOf(entry.owner)}.${renamed.newname}`;
      return { ...entry, owner, name: owner + entry.name.slice(entry.owner.length) };
    });
    return;
  }
  const { renameType, subname = "", newname = "" } = renamed;
  const table = relationName(renamed.relation);
  if (renameType === "OBJECT_TABLE" || renameType === "OBJECT_VIEW") {
    const name = `${schemaOf(table)}.${newname}`;
    const parts = (entry: Entry) => entry.owner === table || entry.target === table;
    replace(catalogue, statement, parts, (entry) => ({
      ...entry,
      name: renamedPart(entry.name, table, name),
      owner: entry.owner === table ? name : entry.owner,
      target: entry.target === table ? name : entry.target,
    }));
  } else if (renameType === "OBJECT_COLUMN") {
    const parts = (entry: Entry) => entry.owner === table && entry.columns.includes(subname);
    replace(catalogue, statement, parts, (entry) => ({
      ...entry,
      name: entry.kind === "column" ? `${table}.${newname}` : entry.name,
      columns: entry.columns.map((column) => (column === subname ? newname : column)),
    }));
  }
}

function replace(
  catalogue: Catalogue,
  statement: Statement,
  fits: (entry: Entry) => boolean,
  change: (entry: Entry) => Entry,
): void {
  const moment = catalogue.momentOf(statement);
  const kinds = ["table", "view", "column", "constraint", "foreign key", "index"] as const;
  const old = catalogue
    .before(moment, [...kinds, "sequence", "function", "trigger", "policy", "row security"])
    .filter(fits);
  for (const entry of old) {
    catalogue.add({ ...change(entry), from: moment });
    entry.until = moment;
  }
}

/** `public.a`, `public.a.id` and `p on public.a` alike. */
function renamedPart(name: string, old: string, now: string): string {
  if (name === old || name.startsWith(`${old}.`)) return now + name.slice(old.length);
  return name.endsWith(` on ${old}`) ? name.slice(0, -old.length) + now : name;
}
