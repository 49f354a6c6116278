import { shortestSelect } from "../../relationships/patterns.ts";
import { isToOne, type Relationship } from "../../relationships/relationship.ts";
import type { Catalogue } from "../catalogue.ts";
import { code, link, table } from "../markdown.ts";

/** What can be embedded in a table's rows, with the `select` to copy: a line each. */
export function relationshipsOf({ relationships }: Catalogue, name: string): string[] {
  const own = relationships.reachable.filter((one) => `${one.schema}.${one.table}` === name);
  return own.map((relationship) => {
    const target = link(`${relationship.schema}.${relationship.target}`.replace(/^public\./, ""));
    const hint = `${code(`${relationship.target}!${relationship.hint}`)}${relationship.needsHint ? " (needed)" : ""}`;
    return `embeds ${target}, ${relationship.cardinality}, as ${shapeOf(relationship)}: ${code(shortestSelect(relationship))}, hint ${hint}`;
  });
}

/** Foreign keys that no embedding follows, and why. */
export function unreachableKeys({ relationships }: Catalogue): string {
  return table(
    ["foreign key", "leads to", "why it cannot be embedded"],
    relationships.unreachable.map(({ key, reason }) => [
      code(`${key.schema}.${key.table} (${key.columns.join(", ")})`),
      code(`${key.targetSchema}.${key.targetTable}`),
      reason,
    ]),
  );
}

function shapeOf(relationship: Relationship): string {
  if (!isToOne(relationship)) return "a list";
  return relationship.mayBeNull ? "an object or null" : "an object";
}
