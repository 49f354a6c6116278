export type ChangeType = "INSERT" | "UPDATE" | "DELETE";

/** What one `.on("postgres_changes", …)` asks for. `*` is any schema, table or type of change. */
export interface Binding {
  event: ChangeType | "*";
  schema: string;
  table: string;
  conditions: Condition[];
  /** The columns wanted beside the primary key; null is all. */
  select: string[] | null;
}

/** @throws BindingError in the words of hosted Realtime */
export function parseBinding(params: Record<string, unknown>): Binding {
  const select = parseSelect(params.select);
  const { table, filter } = params;
  const schema = params.schema ?? (filter === undefined && table !== undefined ? "public" : null);
  const isComplete =
    typeof schema === "string" &&
    (typeof table === "string" || (table === undefined && filter === undefined)) &&
    (typeof filter === "string" || filter === undefined);
  if (!isComplete) {
    throw new BindingError(
      "No subscription params provided. Please provide at least a `schema` or `table` to " +
        `subscribe to: ${JSON.stringify(params)}`,
    );
  }
  const binding: Binding = {
    event: parseEvent(params.event),
    schema,
    table: typeof table === "string" ? table : "*",
    conditions: typeof filter === "string" ? parseFilter(filter) : [],
    select,
  };
  if (select !== null && (binding.schema === "*" || binding.table === "*")) {
    throw new BindingError(
      "Column selection is not supported for wildcard subscriptions. " +
        "Provide an explicit schema and table name.",
    );
  }
  return binding;
}

/** As hosted Realtime prints a binding in its errors. */
export function describeBinding({ event, schema, table, conditions, select }: Binding): string {
  const filters = conditions.map(
    ({ column, operator, value, negated }) =>
      `{${[column, operator, value].map((part) => JSON.stringify(part)).join(", ")}, ${negated}}`,
  );
  const columns = select === null ? "nil" : `[${select.map((c) => JSON.stringify(c)).join(", ")}]`;
  return (
    `event: ${event}, schema: ${schema}, table: ${table}, ` +
    `filters: [${filters.join(", ")}], select: ${columns}`
  );
}

function parseEvent(event: unknown): Binding["event"] {
  const name = typeof event === "string" ? event.toUpperCase() : "*";
  return name === "INSERT" || name === "UPDATE" || name === "DELETE" ? name : "*";
}

function parseSelect(select: unknown): string[] | null {
  if (typeof select === "string") {
    throw new BindingError(
      "Error parsing `select` params: expected a list of column name strings, " +
        'e.g. select: ["col1", "col2"]',
    );
  }
  if (!Array.isArray(select)) return null;
  const columns = select.filter((column): column is string => typeof column === "string");
  return columns.length > 0 ? columns : null;
}

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
function parseFilter(filter: string): Condition[] {
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
