import { BindingError, type Condition, parseFilter } from "./filter.ts";

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
