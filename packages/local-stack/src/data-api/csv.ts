import { Refusal } from "./errors.ts";

/** Rows of CSV as JSON: the first line names the columns, and an unquoted or quoted `NULL` is null. */
export function csvToJson(text: string): string {
  const [names = [], ...lines] = linesOf(text);
  if (lines.some((line) => line.length !== names.length)) {
    throw new Refusal(400, {
      code: "PGRST102",
      message: "All lines must have same number of fields",
    });
  }
  const rows = lines.map((line) =>
    Object.fromEntries(names.map((name, at) => [name, line[at] === "NULL" ? null : line[at]])),
  );
  return JSON.stringify(rows);
}

/** A field is quoted, with quotes in it doubled, or goes on to the next comma or end of line. */
const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function linesOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  field.lastIndex = 0;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (found === null) {
      throw new Refusal(400, { code: "PGRST102", message: "parse error (not enough input)" });
    }
    const [, quoted, plain = "", end] = found;
    line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") {
      // A comma at the very end is followed by one more, empty field.
      if (field.lastIndex === text.length) line.push("");
      else continue;
    }
    lines.push(line);
    line = [];
  }
  return lines;
}
