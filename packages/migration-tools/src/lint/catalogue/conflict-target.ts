import { fingerprint, type NodeOf, pickAll } from "../source/ast.ts";
import { schemaOf } from "../source/names.ts";
import type { Catalogue, Entry } from "./catalogue.ts";
import { isPlatform, platformKeys } from "./platform.ts";

/**
 * What is wrong with an `on conflict` of a table after this moment's statement; null if its
 * columns are those of a unique index or constraint.
 */
export function conflictFault(
  { infer }: NonNullable<NodeOf<"InsertStmt">["onConflictClause"]>,
  table: string,
  catalogue: Catalogue,
  moment: number,
): string | null {
  if (!infer)
    return "on conflict without columns swallows every conflict, also one that nobody thought of.";
  const there = catalogue
    .after(moment, ["index", "constraint"])
    .filter(({ owner }) => owner === table);
  if (infer.conname) {
    const name = `${infer.conname} on ${table}`;
    return there.some((entry) => entry.name === name)
      ? null
      : `${table} has no constraint ${infer.conname}.`;
  }
  const columns = pickAll(infer.indexElems, "IndexElem").map(({ name }) => name ?? null);
  const condition = infer.whereClause ? fingerprint(infer.whereClause) : "";
  const keys = isPlatform(schemaOf(table))
    ? (platformKeys[table] ?? [])
    : there.filter((entry) => covers(entry, condition)).map((entry) => entry.columns);
  if (keys.some((key) => sameColumns(key, columns))) return null;
  return `${table} has no unique index or constraint on exactly (${columns.map((name) => name ?? "an expression").join(", ")}).`;
}

/** A full index serves any insert; a partial one only those that repeat its condition. */
function covers({ kind, unique, condition }: Entry, wanted: string): boolean {
  return kind === "index" && unique && (condition === "" || condition === wanted);
}

function sameColumns(key: (string | null)[], columns: (string | null)[]): boolean {
  return key.length === columns.length && columns.every((name) => key.includes(name));
}
