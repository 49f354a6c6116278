import { type Node, pick, pickAll, words } from "./ast.ts";
import { parsePlpgsql, parseStatement } from "./parse.ts";
import { characterPlaces } from "./places.ts";
import { contentOf, type PlpgsqlQuery } from "./plpgsql.ts";
import type { Body, Failure, Sql, Token } from "./source-file.ts";
import { splitStatements } from "./split.ts";
import { tokensOf } from "./tokens.ts";

interface Owner {
  node: Node;
  text: string;
  start: number;
  tokens: Token[];
}

/** Parses what stands between the quotes of a function or a `do` block; null for anything else. */
export function bodyOf(owner: Owner): { body: Body; failures: Failure[] } | null {
  const language = languageOf(owner.node);
  if (!language) return null;
  const quoted = quotedBody(owner);
  if (!quoted) return null;
  const body: Body = { language, ...quoted, queries: [], handlers: [], executes: [] };
  if (language === "sql") return { body, failures: readSql(body) };
  if (language === "plpgsql") return { body, failures: readPlpgsql(body, owner) };
  return { body, failures: [] };
}

function languageOf(node: Node): string | null {
  const block = pick(node, "DoStmt");
  const options = block?.args ?? pick(node, "CreateFunctionStmt")?.options;
  const named = pickAll(options, "DefElem").find(({ defname }) => defname === "language");
  return pick(named?.arg, "String")?.sval ?? (block ? "plpgsql" : null);
}

/** The first string that holds the text which the parser took for the body. */
function quotedBody({ node, tokens }: Owner): { start: number; text: string } | null {
  const options = pick(node, "DoStmt")?.args ?? pick(node, "CreateFunctionStmt")?.options;
  const as = pickAll(options, "DefElem").find(({ defname }) => defname === "as");
  const text = pick(as?.arg, "String")?.sval ?? words(pick(as?.arg, "List")?.items)[0];
  if (text === undefined) return null;
  const token = tokens.find(({ kind, text: quoted }) => kind === "string" && quoted.includes(text));
  return token ? { start: token.start + token.text.indexOf(text), text } : null;
}

function readSql(body: Body): Failure[] {
  return splitStatements(tokensOf(body.text)).flatMap(({ start, end }) => {
    const text = body.text.slice(start, end);
    const parsed = parseStatement(text);
    if (parsed.ok) {
      body.queries.push(sql(parsed.tree, text, body.start + start, 0));
      return [];
    }
    const offset = body.start + start + (parsed.offset ?? 0);
    return [{ offset, message: parsed.message, text, inBody: true }];
  });
}

function readPlpgsql(body: Body, owner: Owner): Failure[] {
  const parsed = parsePlpgsql(owner.text);
  if (!parsed.ok) {
    const offset = body.start + placeOfWord(body.text, parsed.message);
    return [{ offset, message: parsed.message, text: body.text, inBody: true }];
  }
  const { queries, handlers, executes } = contentOf(parsed.tree);
  const lineStart = (line: number) => startOfLine(body.text, line);
  const placeOf = (word: RegExp) => (line: number) => {
    const from = lineStart(line);
    const found = body.text.slice(from).search(word);
    return body.start + from + Math.max(found, 0);
  };
  body.handlers.push(...handlers.map(placeOf(/\bexception\s+when\b/i)));
  const placeOfExecute = placeOf(/\bexecute\b/i);
  body.executes.push(...executes.map(({ line, text }) => ({ offset: placeOfExecute(line), text })));
  body.queries.push(...queries.flatMap((query) => readQuery(query, body) ?? []));
  return [];
}

/** What PL/pgSQL's parser has accepted already; null for what is no SQL by itself. */
function readQuery({ text, line, kind }: PlpgsqlQuery, body: Body): Sql | null {
  const source = kind === "assignment" ? text.slice(text.search(/:?=/)).replace(/^:?=/, "") : text;
  const prefix = kind === "statement" ? "" : "select ";
  const parsed = parseStatement(prefix + source);
  if (!parsed.ok) return null;
  // `perform f()` comes back as `SELECT f()`; the first words after it are found in the body.
  const head = source.replace(/^SELECT(?=\s)/, "").trimStart();
  const firstLine = head.split("\n")[0]?.trimEnd() ?? "";
  const from = startOfLine(body.text, line);
  const found = body.text.indexOf(firstLine.split(/ {2,}/)[0] ?? "", from);
  const start = body.start + Math.max(found, from) - (source.length - head.length);
  return sql(parsed.tree, prefix + source, start, prefix.length);
}

function sql(node: Node, text: string, start: number, prefix: number): Sql {
  const place = characterPlaces(text);
  return { node, start, at: (location) => start + Math.max(place(location ?? 0) - prefix, 0) };
}

function startOfLine(text: string, line: number): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) start = text.indexOf("\n", start) + 1;
  return start;
}

/** The parser of bodies names the word it stumbled over, but not its place. */
function placeOfWord(body: string, message: string): number {
  const word = /at or near "(.+)"/s.exec(message)?.[1];
  if (word) return Math.max(body.indexOf(word), 0);
  return message.includes("end of input")
    ? body.trimEnd().length
    : body.length - body.trimStart().length;
}
