import type { SchemaDifference } from "../snapshot/schema-object.ts";

const creatable =
  /^(schema|table|view|materialized view|function|procedure|index|policy|trigger|type|sequence)$/;

/**
 * The last file with a `create` of an object, and where, so that a finding leads to a statement. Null
 * where none has one, which is how it should be for an unexpected object.
 */
export function originOf<File extends { text: string }>(
  { kind, name }: Pick<SchemaDifference, "kind" | "name">,
  files: File[],
): { file: File; offset: number } | null {
  const pattern = patternOf(kind, name);
  if (pattern === null) return null;
  const file = files.findLast(({ text }) => pattern.test(text));
  if (file === undefined) {
    // A view says of its columns only what they are made of.
    const whole = { kind: "view", name: name.slice(0, name.lastIndexOf(".")) };
    return kind === "column" ? originOf(whole, files) : null;
  }
  return { file, offset: pattern.exec(file.text)?.index ?? 0 };
}

function patternOf(kind: string, name: string): RegExp | null {
  if (kind === "bucket") {
    return new RegExp(`\\b(insert into|update)\\s+storage\\.buckets\\b[^;]*'${quoted(name)}'`, "i");
  }
  if (kind === "grant") {
    const [, column, path = "", role] =
      /^(?:(column) |[\w ]+ )(\S+?)(?:\(.*\))? to (\w+)$/.exec(name) ?? [];
    const [whole, part] = column
      ? [path.replace(/\.[^.]+$/, ""), path.replace(/.*\./, "")]
      : [path];
    const words = part === undefined ? "" : `\\b${quoted(part)}\\b[^;]*`;
    return new RegExp(
      `\\bgrant\\s[^;]*${words}${quoted(whole)}(?![\\w.])[^;]*\\bto\\b[^;]*\\b${role}\\b`,
      "i",
    );
  }
  if (kind === "column") {
    const table = name.slice(0, name.lastIndexOf("."));
    const column = quoted(name.slice(table.length + 1));
    return new RegExp(
      `(?<=\\b(?:create|alter)\\s+(?:table|view)\\s+${quoted(table)}\\s[^;]*(?:[(,]|add\\s+column)\\s*)${column}(?=\\s)`,
      "i",
    );
  }
  if (!creatable.test(kind)) return null;
  return new RegExp(
    `\\bcreate\\s(?:or\\s+replace\\s+|unique\\s+|unlogged\\s+|materialized\\s+)*${kind}\\s[^;(]*` +
      `${quoted(ownName(name))}(?![\\w"])`,
    "i",
  );
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
