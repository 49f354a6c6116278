import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "../sql/sql.ts";
import {
  collectQuestions,
  type EvaluatedChange,
  type EvaluatedRow,
  evaluateRows,
} from "./evaluate.ts";
import type { RowChange, Tuple } from "./replication.ts";
import type { Subscriber, Subscription } from "./subscriptions.ts";
import type { Rights, Table } from "./table.ts";
import { type Candidate, judge } from "./verdicts.ts";

/** What one subscriber is told of one change. */
export interface Delivery {
  subscriber: Subscriber;
  /** The bindings of the subscriber that the change matches. */
  ids: number[];
  data: string;
}

/**
 * Decides who is told what of some changes of one table.
 * @param wanting the subscriptions that a change concerns, its filters not yet asked
 */
export async function decideDeliveries(
  sql: Sql,
  table: Table,
  changes: RowChange[],
  wanting: (change: RowChange) => Subscription[],
): Promise<Map<RowChange, Delivery[]>> {
  const interested = new Map(
    changes.map((change) => [change, wanting(change)] as const).filter(([, who]) => who.length > 0),
  );
  if (interested.size === 0) return new Map();
  const results = await evaluateChanges(sql, table, interested);
  const candidates = results.flatMap((result) => {
    const row = result.change.type === "DELETE" ? result.previous : result.next;
    const subscriptions = interested.get(result.change) ?? [];
    return subscriptions
      .filter(({ binding }) => binding.conditions.every((one) => row?.satisfies(one)))
      .map((subscription): Candidate => ({ result, subscription }));
  });
  const verdicts = await judge(sql, table, candidates);

  const words = new Map(results.map((result) => [result, new Map<string, string>()]));
  const deliveries = new Map<RowChange, Delivery[]>();
  for (const [candidate, verdict] of verdicts) {
    if (verdict === "hidden") continue;
    const { result, subscription } = candidate;
    const { role } = subscription.identity;
    const { select } = subscription.binding;
    const key = JSON.stringify([verdict, role, select]);
    const data =
      words.get(result)?.get(key) ??
      (verdict === "visible"
        ? changeJson(result, await table.rightsOf(role), select)
        : errorJson(result, verdict.error));
    words.get(result)?.set(key, data);
    const sofar = deliveries.get(result.change) ?? [];
    deliveries.set(result.change, sofar);
    const same = sofar.find(
      (delivery) => delivery.subscriber === subscription.subscriber && delivery.data === data,
    );
    if (same) same.ids.push(subscription.id);
    else sofar.push({ subscriber: subscription.subscriber, ids: [subscription.id], data });
  }
  return deliveries;
}

async function evaluateChanges(
  sql: Sql,
  table: Table,
  interested: Map<RowChange, Subscription[]>,
): Promise<EvaluatedChange[]> {
  const rows: Tuple[] = [];
  const place = (row: Tuple | null) => (row === null ? -1 : rows.push(row) - 1);
  const changes = [...interested.keys()].map((change) => ({
    change,
    next: place(change.next),
    previous: place(change.previous),
  }));
  const subscriptions = new Set([...interested.values()].flat());
  const questions = collectQuestions(
    [...subscriptions].flatMap(({ binding }) => binding.conditions),
  );
  const xids = [...new Set(changes.map(({ change }) => change.transaction.xid))];
  let evaluated: EvaluatedRow[] | null = null;
  // Commits become visible within moments of appearing in the stream.
  for (let wait = 1; evaluated === null; wait = Math.min(wait * 2, 50)) {
    evaluated = await evaluateRows(sql, table, rows, questions, xids);
    if (evaluated === null) await sleep(wait);
  }
  const found = evaluated;
  return changes.map(({ change, next, previous }) => ({
    change,
    table,
    next: found[next] ?? null,
    previous: found[previous] ?? null,
  }));
}

const maxBytes = 1024 * 1024;

/**
 * The `data` of a change as hosted Realtime words it, for readers with these rights: columns that
 * they may not select are left out. After a DELETE no policy can be asked about the row any more,
 * so with row level security only its key is shown.
 */
function changeJson(
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
function errorJson({ change, table }: EvaluatedChange, error: string): string {
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
