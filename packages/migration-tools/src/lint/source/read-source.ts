import { bodyOf } from "./body.ts";
import { parseStatement } from "./parse.ts";
import { characterPlaces } from "./places.ts";
import type { SourceFile, Statement } from "./source-file.ts";
import { type Piece, splitStatements } from "./split.ts";
import { tokensOf } from "./tokens.ts";

/**
 * One file, parsed when a rule first asks for its statements; what cannot be parsed is in
 * `failures`, the rest in `statements`.
 */
export function readSource(
  path: string,
  text: string,
  kind: SourceFile["kind"] = "migration",
): SourceFile {
  const name = path.split("/").at(-1) ?? path;
  let parsed: Parts | undefined;
  const parts = () => {
    parsed ??= parse(file);
    return parsed;
  };
  const file: SourceFile = {
    path,
    name,
    kind,
    text,
    get tokens() {
      return parts().tokens;
    },
    get statements() {
      return parts().statements;
    },
    get failures() {
      return parts().failures;
    },
  };
  return file;
}

type Parts = Pick<SourceFile, "tokens" | "statements" | "failures">;

function parse(file: SourceFile): Parts {
  const parts: Parts = { tokens: tokensOf(file.text), statements: [], failures: [] };
  if (parts.tokens.length === 0 && file.text.trim() !== "") readWhole(file, parts);
  for (const piece of splitStatements(parts.tokens)) readStatement(file, parts, piece);
  return parts;
}

function readStatement(file: SourceFile, parts: Parts, { start, end }: Piece): void {
  const text = file.text.slice(start, end);
  const parsed = parseStatement(text);
  if (!parsed.ok) {
    const offset = start + (parsed.offset ?? 0);
    parts.failures.push({ offset, message: parsed.message, text, inBody: false });
    return;
  }
  const node = parsed.tree;
  const place = characterPlaces(text);
  const at = (location: number | undefined) => start + place(location ?? 0);
  const tokens = parts.tokens.filter((token) => token.start >= start && token.end <= end);
  const read = bodyOf({ node, text, start, tokens });
  const statement: Statement = { file, node, text, start, end, at, body: read?.body ?? null };
  parts.statements.push(statement);
  parts.failures.push(...(read?.failures ?? []));
}

/** Where a quote has no end there are no tokens, and the parser says where it begins. */
function readWhole({ text }: SourceFile, { failures }: Parts): void {
  const parsed = parseStatement(text);
  if (parsed.ok) return;
  const { message, offset } = parsed;
  failures.push({ offset: offset ?? 0, message, text, inBody: false });
}
