import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "../sql/sql.ts";
import { type Delivery, decideDeliveries } from "./deliveries.ts";
import type { RowChange } from "./replication.ts";
import type { Subscriber, Subscriptions } from "./subscriptions.ts";
import { tableReader } from "./table.ts";

const batchSize = 500;
/** Above so many waiting changes the stream waits, and Postgres keeps the rest. */
const maxWaiting = 20_000;
/** How long everyone's changes wait for one subscriber that lags behind. */
const patienceMs = 1_000;

/**
 * Brings changes to those who asked for them and may see them, in the order of their commits.
 * Changes that come in while a batch is under way make up the next one: load makes batches larger.
 * @returns takes one change; the promise, if any, is one to wait for before handing over more
 */
export function createChangeFeed(
  sql: Sql,
  subscriptions: Subscriptions,
  log: (line: string) => void,
): (change: RowChange) => Promise<void> | undefined {
  const readTable = tableReader(sql);
  const waiting: RowChange[] = [];
  const stalled = new WeakSet<Subscriber>();
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    await Promise.resolve();
    while (waiting.length > 0) await deliver(waiting.splice(0, batchSize));
    draining = undefined;
  }

  async function deliver(batch: RowChange[]): Promise<void> {
    const decided = await Promise.all(
      [...Map.groupBy(batch, ({ relation }) => relation).values()].map((changes) =>
        decide(changes).catch((error: unknown) => {
          const name = changes[0]?.relation.name;
          log(`realtime: ${changes.length} changes of ${name} were not delivered: ${error}`);
          return new Map<RowChange, Delivery[]>();
        }),
      ),
    );
    for (const change of batch) {
      for (const deliveries of decided) await handOut(deliveries.get(change) ?? []);
    }
  }

  /** Waits for subscribers that lag behind, but not for one that did not use the time given. */
  async function handOut(deliveries: Delivery[]): Promise<void> {
    const lagging = new Set<Subscriber>();
    const caughtUp = deliveries.flatMap(({ subscriber, ids, data }) => {
      const promise = subscriber.deliver(ids, data);
      if (promise === undefined || stalled.has(subscriber)) return [];
      lagging.add(subscriber);
      return [promise.then(() => lagging.delete(subscriber))];
    });
    if (caughtUp.length === 0) return;
    await Promise.race([Promise.all(caughtUp), sleep(patienceMs, undefined, { ref: false })]);
    for (const subscriber of lagging) stalled.add(subscriber);
    void Promise.all(caughtUp).then(() => {
      for (const { subscriber } of deliveries) stalled.delete(subscriber);
    });
  }

  async function decide(changes: RowChange[]): Promise<Map<RowChange, Delivery[]>> {
    const table = changes[0] && (await readTable(changes[0].relation));
    if (!table) return new Map();
    return await decideDeliveries(sql, table, changes, (change) =>
      subscriptions
        .matching(table.schema, table.name, change.type)
        .filter(({ from }) => change.transaction.lsn >= from),
    );
  }

  return (change) => {
    const { schema, name } = change.relation;
    if (subscriptions.matching(schema, name, change.type).length === 0) return undefined;
    waiting.push(change);
    draining ??= drain();
    return waiting.length > maxWaiting ? draining : undefined;
  };
}
