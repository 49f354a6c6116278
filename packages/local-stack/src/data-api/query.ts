import { ParseFailure } from "./errors.ts";
import { parseSelect, type SelectItem } from "./select-syntax.ts";

/** What an address asks of one embedding; the one of the table itself has the path "". */
export interface Clauses {
  conditions: Condition[];
  order: OrderTerm[];
  limit?: number;
  offset?: number;
}

/** The parsed parameters of a request. */
export interface Query {
  items: SelectItem[];
  clauses: Map<string, Clauses>;
  columns: string[] | null;
  onConflict: string[] | null;
  /** What is an argument of a function called by GET. */
  args: [string, string][];
}

/** @param isCall comparisons have an operator then; all else are arguments */
export function parseQuery(parameters: URLSearchParams, isCall: boolean): Query {
  const query: Query = {
    items: parseSelect(parameters.get("select")?.trim() || "*"),
    clauses: new Map([["", { conditions: [], order: [] }]]),
    columns: names(parameters.get("columns")),
    onConflict: names(parameters.get("on_conflict")),
    args: [],
  };
  for (const [key, value] of parameters) {
    if (key === "select" || key === "columns" || key === "on_conflict" || key === "apikey")
      continue;
    const { path, last } = splitKey(key);
    const clauses = clausesAt(query, path);
    if (last === "order") clauses.order = parseOrder(value);
    else if (last === "limit" || last === "offset") takeNumber(clauses, last, value);
    else if (/^(not\.)?(and|or)$/.test(last)) clauses.conditions.push(parseGroup(last, value));
    else if (isCall && path === "" && !isComparison(value)) query.args.push([key, value]);
    else clauses.conditions.push(parseComparison(last, value));
  }
  return query;
}

/** The clauses of the embedding at `path`, as `a.b`. */
export function clausesAt({ clauses }: Query, path: string): Clauses {
  const found = clauses.get(path) ?? { conditions: [], order: [] };
  clauses.set(path, found);
  return found;
}

function splitKey(key: string): { path: string; last: string } {
  const arrow = key.indexOf("->");
  const steps = splitOutside(arrow < 0 ? key : key.slice(0, arrow), ".");
  let last = steps.pop() ?? "";
  if ((last === "and" || last === "or") && steps.at(-1) === "not") last = `${steps.pop()}.${last}`;
  return {
    path: steps.map((step) => step.replace(/^"(.*)"$/, "$1")).join("."),
    last: arrow < 0 ? last : last + key.slice(arrow),
  };
}

function names(text: string | null): string[] | null {
  return text === null ? null : splitOutside(text, ",").map((one) => one.replace(/^"(.*)"$/, "$1"));
}

/** What is no number is passed over, as on hosted. */
function takeNumber(clauses: Clauses, key: "limit" | "offset", value: string): void {
  if (/^-?\d+$/.test(value)) clauses[key] = Number(value);
}

/** `not.op(modifier).value` on a column or a path into one. */
export interface Comparison {
  kind: "comparison";
  column: string;
  path: string[];
  isNegated: boolean;
  operator: string;
  /** `any`, `all`, or the language of a text search. */
  modifier?: string;
  value: string;
}

interface Group {
  kind: "and" | "or";
  isNegated: boolean;
  conditions: Condition[];
}

export type Condition = Comparison | Group;

export interface OrderTerm {
  /** The embedding that the column is of, for `order=parent(name)`. */
  related?: string;
  column: string;
  path: string[];
  isDescending: boolean;
  nulls?: "first" | "last";
}

const operators =
  /^(eq|neq|gte|gt|lte|lt|like|ilike|match|imatch|in|isdistinct|is|fts|plfts|phfts|wfts|cs|cd|ov|sl|sr|nxr|nxl|adj)(?:\(([^)]*)\))?\./;

/** Whether a parameter's value is a comparison; in a call by GET all others are arguments. */
function isComparison(value: string): boolean {
  return operators.test(value.replace(/^not\./, ""));
}

function parseComparison(key: string, text: string): Comparison {
  const isNegated = text.startsWith("not.");
  const rest = isNegated ? text.slice(4) : text;
  const found = operators.exec(rest);
  if (found?.[1] === undefined) throw new ParseFailure("filter", text, 0);
  const comparison: Comparison = {
    kind: "comparison",
    ...columnPath(key),
    isNegated,
    operator: found[1],
    value: rest.slice(found[0].length),
  };
  if (found[2] !== undefined) comparison.modifier = found[2];
  return comparison;
}

/** `and=(…)`, `or=(…)`, `not.or=(…)`: conditions nest, and may hold commas in quotes and lists. */
function parseGroup(key: string, text: string): Group {
  const word = key.replace(/^not\./, "");
  if (!/^\(.*\)$/s.test(text)) throw new ParseFailure("logic tree", text, 0);
  return {
    kind: word === "or" ? "or" : "and",
    isNegated: key.startsWith("not."),
    conditions: splitOutside(text.slice(1, -1), ",").map((part) => {
      const group = /^((?:not\.)?(?:and|or))(\(.*\))$/s.exec(part.trim());
      if (group?.[1] !== undefined && group[2] !== undefined) return parseGroup(group[1], group[2]);
      const [column = "", ...rest] = splitOutside(part.trim(), ".");
      const comparison = parseComparison(column, rest.join("."));
      return { ...comparison, value: unquoted(comparison.value) };
    }),
  };
}

function parseOrder(text: string): OrderTerm[] {
  return splitOutside(text, ",").map((part) => {
    const found =
      /^(?:([^()]+)\((.+)\)|(.+?))(?:\.(asc|desc))?(?:\.nulls(first|last))?$/.exec(part) ?? [];
    const [, related, inner, own, direction, nulls] = found;
    const term: OrderTerm = {
      ...columnPath(inner ?? own ?? ""),
      isDescending: direction === "desc",
    };
    const isWhole = !/[.()]/.test(term.column) || /^"/.test(inner ?? own ?? "");
    if (term.column === "" || !isWhole) throw new ParseFailure("order", text, 0);
    if (related !== undefined) term.related = related;
    if (nulls === "first" || nulls === "last") term.nulls = nulls;
    return term;
  });
}

/** The members of `(a,"b,c")`. */
export function parseList(text: string): string[] {
  const inner = text.replace(/^\(|\)$/g, "");
  return inner === "" ? [] : splitOutside(inner, ",").map(unquoted);
}

function columnPath(text: string): { column: string; path: string[] } {
  const [column = "", ...steps] = text.split(/(->>?)/);
  const path: string[] = [];
  for (let index = 0; index < steps.length; index += 2) {
    path.push(`${steps[index]}${unquoted(steps[index + 1] ?? "")}`);
  }
  return { column: unquoted(column), path };
}

/** Splits where neither quotes, parentheses nor braces are open. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\])*"|./gs)) {
    if (token === "(" || token === "{") depth++;
    if (token === ")" || token === "}") depth--;
    if (token === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
}
