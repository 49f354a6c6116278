import type { Node } from "./ast.ts";

export interface Token {
  start: number;
  end: number;
  text: string;
  kind: "comment" | "string" | "word" | "quoted" | "other";
}

/** A parsed piece of SQL: a whole statement, or one of those inside a function's body. */
export interface Sql {
  node: Node;
  /** Where it begins in the file. */
  start: number;
  /** The place in the file of a place in the tree, which the parser counts in bytes of the piece. */
  at(location: number | undefined): number;
}

/** What is between a function's quotes, as far as it can be parsed. */
export interface Body {
  language: string;
  start: number;
  text: string;
  queries: Sql[];
  /** Places of exception handlers. */
  handlers: number[];
  /** Places of `execute`, and the expressions that make its statements. */
  executes: { offset: number; text: string }[];
}

export interface Statement extends Sql {
  file: SourceFile;
  text: string;
  end: number;
  body: Body | null;
}

/** What the parser refused. */
export interface Failure {
  offset: number;
  message: string;
  /** The statement, or the body, that it stands in. */
  text: string;
  inBody: boolean;
}

/** A migration or its rollback. All offsets are characters from the start of the file. */
export interface SourceFile {
  /** As it is shown, e.g. `supabase/migrations/20261101090000_pipeline.sql`. */
  path: string;
  name: string;
  kind: "migration" | "rollback";
  text: string;
  tokens: Token[];
  statements: Statement[];
  failures: Failure[];
}

/** A statement and the SQL in its body. */
export function sqlOf(statement: Statement): Sql[] {
  return [statement, ...(statement.body?.queries ?? [])];
}

/** Whether a comment over the statement has a line `-- Word: reason`. */
export function hasReason({ file, start }: Statement, word: string): boolean {
  return new RegExp(`^${word}: \\S`, "m").test(commentAbove(file.text, start));
}

/** The comment lines directly over a place, without their dashes, joined; empty where none is. */
export function commentAbove(text: string, offset: number): string {
  const lines = text.slice(0, offset).trimEnd().split("\n");
  const found: string[] = [];
  for (let line = lines.pop(); line?.trim().startsWith("--"); line = lines.pop()) {
    found.unshift(line.trim().replace(/^--\s?/, ""));
  }
  return found.join("\n");
}

/** Comments inside a statement, without their dashes. */
export function commentsWithin({ file, start, end }: Statement): string[] {
  return file.tokens
    .filter((token) => token.kind === "comment" && token.start >= start && token.end <= end)
    .map(({ text }) => text.replace(/^--\s?/, ""));
}
