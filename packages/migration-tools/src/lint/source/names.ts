/** Names as the catalogue keeps them: `schema.name`. */
import type { RangeVar } from "@libpg-query/parser";

/** A name without a schema lands in `public`, while the rule about schemas asks for one. */
export function relationName(relation: RangeVar | undefined): string {
  return `${relation?.schemaname ?? "public"}.${relation?.relname ?? ""}`;
}

export function schemaOf(name: string): string {
  return name.split(".")[0] ?? name;
}
