/** The one door to PostgreSQL's own parser, whose WebAssembly is loaded on import. */
import { hasSqlDetails, loadModule, parsePlPgSQLSync, parseSync } from "@libpg-query/parser";
import { isNode, type Node } from "./ast.ts";

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
    return { ok: false, message: readable(error.message), offset: null };
  }
}

/** The library reads some of the parser's messages as JSON, and fails on them in its own words. */
function readable(message: string): string {
  const inner = /^Unexpected token .*?, "(.*)"\.\.\. is not valid JSON$/s.exec(message)?.[1];
  return inner ? `${inner}… (PL/pgSQL)` : message;
}

/** Whether a text is an expression. */
export function parseExpression(text: string): Parsed<Node> {
  const parsed = parseStatement(`select (${text})`);
  return parsed.ok && !isNode(parsed.tree, "SelectStmt")
    ? { ok: false, message: "no expression", offset: 0 }
    : parsed;
}
