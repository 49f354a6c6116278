/** The one door to PostgreSQL's own parser, whose WebAssembly is loaded on import. */
import { hasSqlDetails, loadModule, parsePlPgSQLSync, parseSync } from "@libpg-query/parser";
import type { Node } from "./ast.ts";

await loadModule();

/** @param offset characters from the start of the text; null where the parser does not say */
export type Parsed<T> =
  | { ok: true; tree: T }
  | { ok: false; message: string; offset: number | null };

/** Parses one statement. */
export function parseStatement(text: string): Parsed<Node> {
  try {
    const node = parseSync(text).stmts?.[0]?.stmt;
    return node ? { ok: true, tree: node } : { ok: false, message: "no statement", offset: 0 };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const offset = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? null) : null;
    return { ok: false, message: error.message, offset };
  }
}

/** Parses a `create function … language plpgsql` or a `do` block, and answers with its body's tree. */
export function parsePlpgsql(statement: string): Parsed<unknown> {
  try {
    return { ok: true, tree: parsePlPgSQLSync(statement) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (isUnknownField(error.message)) return { ok: true, tree: [] };
    return { ok: false, message: readable(error.message), offset: null };
  }
}

/**
 * Without a database the parser knows no composite type, and refuses an assignment to a field of
 * one: `"v.field" is not a known variable`. PostgreSQL itself checks such a body when it is made.
 */
function isUnknownField(message: string): boolean {
  return /^Unexpected non-whitespace character after JSON at position \d+/.test(message);
}

/**
 * The library reads some of the parser's messages as JSON, fails on them in its own words, and
 * gives their beginning only.
 */
function readable(message: string): string {
  const inner = /^Unexpected token .*?, "(.*)"\.\.\. is not valid JSON$/s.exec(message)?.[1];
  return inner ? `PL/pgSQL says ${inner.trim()}…` : message;
}
