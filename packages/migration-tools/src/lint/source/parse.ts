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
  const parsed = parseBody(statement);
  if (parsed.ok) return parsed;
  const retried = parseBody(
    statement.replace(fieldAssignment, "$1perform").replace(compositeVariable, "$1record"),
  );
  return retried.ok ? retried : parsed;
}

// Without a database the parser takes a variable of a composite type for a scalar, and refuses to
// write into a field of it. An assignment is read for its expression then, a variable as a record.
const fieldAssignment = /^([ \t]*)\w+\.\w+[ \t]*:=/gm;
const compositeVariable = /^([ \t]*\w+[ \t]+)\w+\.\w+(?=[ \t]*(?:;|:=))/gm;

function parseBody(statement: string): Parsed<unknown> {
  try {
    return { ok: true, tree: parsePlPgSQLSync(statement) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, message: readable(error.message), offset: null };
  }
}

/**
 * The library reads some of the parser's messages as JSON, fails on them in its own words, and
 * gives their beginning only.
 */
function readable(message: string): string {
  const inner = /^Unexpected token .*?, "(.*)"\.\.\. is not valid JSON$/s.exec(message)?.[1];
  return inner ? `PL/pgSQL says ${inner.trim()}…` : message;
}
