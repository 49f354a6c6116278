const operators = [
  "eq",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "like",
  "ilike",
  "is",
  "match",
  "imatch",
  "isdistinct",
] as const;

export type Operator = (typeof operators)[number];

/** One `column=operator.value`. The value of `in` is already the literal of an array, `{a,b}`. */
export interface Condition {
  column: string;
  operator: Operator;
  value: string;
  negated: boolean;
}

/** What is wrong with a binding, in the words of hosted Realtime. */
export class BindingError extends Error {}

/**
 * Reads a filter: conditions joined by commas, all of which must hold. A value may be quoted as in
 * PostgREST; commas within quotes and parentheses do not separate.
 * @throws BindingError
 */
export function parseFilter(filter: string): Condition[] {
  const trimmed = filter.trim();
  if (trimmed === "") return [];
  return splitConditions(trimmed).map(parseCondition);
}

function splitConditions(filter: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < filter.length; at++) {
    const character = filter[at];
    if (quoted) {
      if (character === "\\") at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') {
      // A quote elsewhere is part of the value.
      quoted = at > start && ".(,".includes(filter[at - 1] ?? "");
    } else if (character === "(") {
      depth++;
    } else if (character === ")") {
      depth = Math.max(0, depth - 1);
    } else if (character === "," && depth === 0) {
      parts.push(filter.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(filter.slice(start));
  return parts;
}

function parseCondition(segment: string): Condition {
  const text = segment.trim();
  if (text === "") refuse("filter must not contain empty segments (check for extra commas)");
  const [column, rest] = splitOnce(text, "=");
  if (rest === undefined) refuse(listed(column));
  const negated = rest.startsWith("not.");
  const [operator, raw] = splitOnce(negated ? rest.slice(4) : rest, ".");
  if (raw === undefined) refuse(listed(operator));
  if (!isOperator(operator)) refuse(listed(operator, raw));
  return { column, operator, value: operator === "in" ? arrayOf(raw) : unquote(raw), negated };
}

function arrayOf(value: string): string {
  if (!/^\(.*\)$/s.test(value)) refuse("`in` filter value must be wrapped by parentheses");
  return `{${value.slice(1, -1)}}`;
}

function unquote(value: string): string {
  const quoted = value.match(/^"((?:[^"\\]|\\.)*)"$/s);
  return quoted?.[1]?.replace(/\\(.)/gs, "$1") ?? value;
}

function isOperator(name: string): name is Operator {
  return operators.some((operator) => operator === name);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function listed(...parts: string[]): string {
  return `[${parts.map((part) => JSON.stringify(part)).join(", ")}]`;
}

function refuse(reason: string): never {
  throw new BindingError(`Error parsing \`filter\` params: ${reason}`);
}
