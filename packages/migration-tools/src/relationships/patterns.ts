import type { Relationship } from "./relationship.ts";

/** The value of `select`: every column, and the embedded rows under their table's name. */
export function selectOf({ target, hint }: Relationship, hinted: boolean): string {
  return hinted ? `*, ${target}!${hint}(*)` : `*, ${target}(*)`;
}

/** The value of `select` that a reader should copy: with a hint only where one is needed. */
export function shortestSelect(relationship: Relationship): string {
  return selectOf(relationship, relationship.needsHint);
}

/** A line of supabase-js. `client` has the generated types. */
export function clientLine(relationship: Relationship, select: string): string {
  const schema = relationship.schema === "public" ? "" : `.schema("${relationship.schema}")`;
  return `client${schema}.from("${relationship.table}").select("${select}")`;
}

/** A request line; schemas other than public are named by a header. */
export function restLine(relationship: Relationship, select: string): string {
  const path = `GET /rest/v1/${relationship.table}?select=${select.replaceAll(" ", "")}`;
  return relationship.schema === "public"
    ? path
    : `${path}   # Accept-Profile: ${relationship.schema}`;
}
