import type { SchemaDifference } from "../snapshot/schema-object.ts";
import type { MigrationText } from "./history.ts";

const creatable = /^(table|view|materialized view|function|index|policy|trigger|type|sequence)$/;

/**
 * The last migration with a `create` of an object, so that a difference leads to a file. Null where
 * none has one, which is how it should be for an unexpected object.
 */
export function originOf(
  { kind, name }: Pick<SchemaDifference, "kind" | "name">,
  files: MigrationText[],
): string | null {
  if (!creatable.test(kind)) return null;
  const pattern = new RegExp(
    `\\bcreate\\s(?:or\\s+replace\\s+|unique\\s+|unlogged\\s+|materialized\\s+)*${kind}\\s[^;(]*` +
      `${quoted(ownName(name))}(?![\\w"])`,
    "i",
  );
  return files.findLast(({ text }) => pattern.test(text))?.file ?? null;
}

/** `public.f(integer)` → `f`; `"owners read" on public.t` → `"owners read"`. */
function ownName(name: string): string {
  const before = name.split(/ on (?=[\w"]+\.[\w"]+$)/)[0] ?? name;
  if (before.startsWith('"')) return before;
  return before.replace(/\(.*$/s, "").split(".").at(-1) ?? before;
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
