import { bodyOf } from "./body.ts";
import { parseStatement } from "./parse.ts";
import { characterPlaces } from "./places.ts";
import type { SourceFile, Statement } from "./source-file.ts";
import { splitStatements } from "./split.ts";
import { tokensOf } from "./tokens.ts";

/** Parses one file; what cannot be parsed is in `failures`, the rest in `statements`. */
export function readSource(
  path: string,
  text: string,
  kind: SourceFile["kind"] = "migration",
): SourceFile {
  const tokens = tokensOf(text);
  const name = path.split("/").at(-1) ?? path;
  const file: SourceFile = { path, name, kind, text, tokens, statements: [], failures: [] };
  if (tokens.length === 0 && text.trim() !== "") readWhole(file);
  for (const { start, end } of splitStatements(tokens)) readStatement(file, start, end);
  return file;
}

function readStatement(file: SourceFile, start: number, end: number): void {
  const text = file.text.slice(start, end);
  const parsed = parseStatement(text);
  if (!parsed.ok) {
    const offset = start + (parsed.offset ?? 0);
    file.failures.push({ offset, message: parsed.message, text, inBody: false });
    return;
  }
  const node = parsed.tree;
  const place = characterPlaces(text);
  const at = (location: number | undefined) => start + place(location ?? 0);
  const tokens = file.tokens.filter((token) => token.start >= start && token.end <= end);
  const read = bodyOf({ node, text, start, tokens });
  const statement: Statement = { file, node, text, start, end, at, body: read?.body ?? null };
  file.statements.push(statement);
  file.failures.push(...(read?.failures ?? []));
}

/** Where a quote has no end there are no tokens, and the parser says where it begins. */
function readWhole(file: SourceFile): void {
  const parsed = parseStatement(file.text);
  if (parsed.ok) return;
  const { message, offset } = parsed;
  file.failures.push({ offset: offset ?? 0, message, text: file.text, inBody: false });
}
