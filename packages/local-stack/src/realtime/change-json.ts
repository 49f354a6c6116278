import type { EvaluatedRow } from "./evaluate.ts";
import type { RowChange } from "./replication.ts";
import type { Rights, Table } from "./table.ts";

/** A change whose values Postgres has turned into JSON. */
export interface EvaluatedChange {
  change: RowChange;
  table: Table;
  next: EvaluatedRow | null;
  previous: EvaluatedRow | null;
}

const maxBytes = 1024 * 1024;

/**
 * The `data` of a change as hosted Realtime words it, for readers with these rights: columns that
 * they may not select are left out. After a DELETE no policy can be asked about the row any more,
 * so with row level security only its key is shown.
 */
export function changeJson(
  { change, table, next, previous }: EvaluatedChange,
  rights: Rights,
  select: string[] | null,
): string {
  const keys = new Set(table.columns.filter(({ isKey }) => isKey).map(({ name }) => name));
  const isWanted = (column: string) =>
    rights.selectable.has(column) &&
    (select === null || select.includes(column) || keys.has(column));
  const isTooLarge = sizeOf(next) + sizeOf(previous) > maxBytes;
  const record = (row: EvaluatedRow | null, keysOnly = false) =>
    objectJson(
      [...(row?.json ?? [])].filter(
        ([column, json]) =>
          isWanted(column) &&
          (!keysOnly || keys.has(column)) &&
          (!isTooLarge || Buffer.byteLength(json) <= 64),
      ),
    );
  const columns = table.columns
    .filter(({ name }) => isWanted(name))
    .map(({ name, type }) => ({ name, type }));
  const parts: [string, string][] = [
    ["schema", JSON.stringify(table.schema)],
    ["table", JSON.stringify(table.name)],
    ["type", JSON.stringify(change.type)],
    ["commit_timestamp", JSON.stringify(change.transaction.committedAt)],
    ["columns", JSON.stringify(columns)],
    ["errors", isTooLarge ? '["Error 413: Payload Too Large"]' : "null"],
  ];
  if (change.type !== "DELETE") parts.push(["record", record(next)]);
  if (change.type !== "INSERT") {
    const keysOnly = change.type === "DELETE" && table.hasRowSecurity;
    parts.push(["old_record", record(previous, keysOnly)]);
  }
  return objectJson(parts);
}

/** Says that there was a change, and why it cannot be shown. */
export function errorJson({ change, table }: EvaluatedChange, error: string): string {
  return JSON.stringify({
    schema: table.schema,
    table: table.name,
    type: change.type,
    commit_timestamp: change.transaction.committedAt,
    columns: [],
    record: {},
    old_record: {},
    errors: [error],
  });
}

function objectJson(entries: [string, string][]): string {
  return `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}

function sizeOf(row: EvaluatedRow | null): number {
  let size = 0;
  for (const json of row?.json.values() ?? []) size += json.length;
  return size;
}
