/** Finds the SQL in the tree of a PL/pgSQL body, and what the rules ask about the body itself. */
import { isObject } from "./objects.ts";

export interface PlpgsqlQuery {
  text: string;
  /** Line of the body, from 1, of the PL/pgSQL statement that it belongs to. */
  line: number;
  kind: "statement" | "expression" | "assignment";
}

export interface PlpgsqlContent {
  queries: PlpgsqlQuery[];
  /** Lines of the blocks that have an exception handler. */
  handlers: number[];
  executes: PlpgsqlExecute[];
}

export interface PlpgsqlExecute {
  line: number;
  /** The expression that makes the statement. */
  text: string;
}

export function contentOf(tree: unknown): PlpgsqlContent {
  const content: PlpgsqlContent = { queries: [], handlers: [], executes: [] };
  collect(tree, 1, content);
  return content;
}

function collect(value: unknown, line: number, content: PlpgsqlContent): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, line, content);
    return;
  }
  if (!isObject(value)) return;
  const own = typeof value.lineno === "number" ? value.lineno : line;
  for (const [key, child] of Object.entries(value)) {
    if (key === "PLpgSQL_expr") {
      const query = queryOf(child, own);
      if (query) content.queries.push(query);
    } else if (key === "exceptions") {
      content.handlers.push(own);
      collect(child, own, content);
    } else {
      if (key === "PLpgSQL_stmt_dynexecute" || key === "PLpgSQL_stmt_dynfors") {
        content.executes.push({ line: lineOf(child, own), text: textOf(child, "query") });
      }
      if (key === "PLpgSQL_stmt_return_query" && isObject(child) && "dynquery" in child) {
        content.executes.push({ line: lineOf(child, own), text: textOf(child, "dynquery") });
      }
      collect(child, own, content);
    }
  }
}

/** The parser's modes: 0 a statement, 2 an expression, 3 and above an assignment. */
function queryOf(expression: unknown, line: number): PlpgsqlQuery | null {
  if (!isObject(expression) || typeof expression.query !== "string") return null;
  const mode = expression.parseMode;
  const kind = mode === 0 ? "statement" : mode === 2 ? "expression" : "assignment";
  return { text: expression.query, line, kind };
}

function lineOf(child: unknown, line: number): number {
  return isObject(child) && typeof child.lineno === "number" ? child.lineno : line;
}

function textOf(statement: unknown, key: string): string {
  const held = isObject(statement) ? statement[key] : null;
  const expression = isObject(held) ? held.PLpgSQL_expr : null;
  return isObject(expression) && typeof expression.query === "string" ? expression.query : "";
}
