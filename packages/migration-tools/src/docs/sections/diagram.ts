import type { ForeignKey } from "../../relationships/foreign-keys.ts";
import type { Catalogue } from "../catalogue.ts";

/** A Mermaid diagram of one schema's tables that hang together, and of the columns that tie them. */
export function diagram(catalogue: Catalogue, schema: string): string {
  const keys = foreignKeys(catalogue).filter((key) => key.schema === schema);
  if (keys.length === 0) return "No foreign key ties them together.";
  return [
    "```mermaid",
    "erDiagram",
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
