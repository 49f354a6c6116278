import {
  type Condition,
  isComparison,
  type OrderTerm,
  parseComparison,
  parseGroup,
  parseOrder,
  splitOutside,
} from "./filter-syntax.ts";
import { ParseFailure } from "./refusal.ts";
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
    else if (last === "limit") clauses.limit = wholeNumber(key, value);
    else if (last === "offset") clauses.offset = wholeNumber(key, value);
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

function wholeNumber(key: string, value: string): number {
  if (!/^-?\d+$/.test(value)) throw new ParseFailure(`${key} parameter`, value, 0);
  return Number(value);
}
