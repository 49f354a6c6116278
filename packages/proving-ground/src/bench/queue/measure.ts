import { setTimeout as sleep } from "node:timers/promises";
import { query } from "../connect.ts";
import type { Form, Place } from "./contestants/contestant.ts";

/** One run of one contestant. */
export interface Measurement {
  /** Items a second whose end was committed, counted in the database. */
  perSecond: number;
  /** Bytes of write-ahead log an item, enqueueing left out. */
  walBytes: number;
  /** Row versions an item that were left dead: updates and deletes. */
  deadTuples: number;
  /** Items that are neither finished nor still in the queue. */
  lost: number;
  /** Items that were finished twice. */
  twice: number;
  /** Items that were finished and are still in the queue after an orderly stop: to be done again. */
  unrecorded: number;
}

const settleMs = 1_000;
const firstItemMs = 30_000;

/**
 * Starts the workers, takes the time from the first finished item on, and at the end of the window
 * asks the database how many are left, for a contestant may tell of an end before it is committed.
 * @param depth ready items at the start; the window ends early when three quarters are done
 */
export async function measure(
  place: Place,
  form: Form,
  options: {
    adminUrl: string;
    depth: number;
    batch: number;
    effect: boolean;
    connections: number;
    windowMs: number;
  },
): Promise<Measurement> {
  const { adminUrl, depth, batch, effect, connections, windowMs } = options;
  await place.fill(depth, effect);
  const before = await place.unfinished();
  const written = await writtenSoFar(adminUrl);
  const seen = new Set<number>();
  let finished = 0;
  let began = 0;
  const first = Promise.withResolvers<void>();
  const enough = Promise.withResolvers<void>();
  const running = await place.work(form, {
    batch,
    effect,
    connections,
    done(ids) {
      if (began === 0) {
        began = performance.now();
        first.resolve();
      }
      finished += ids.length;
      for (const id of ids) seen.add(id);
      if (finished >= before * 0.75) enough.resolve();
    },
  });
  await Promise.race([first.promise, sleep(firstItemMs, undefined, { ref: false })]);
  await Promise.race([enough.promise, sleep(windowMs)]);
  const seconds = (performance.now() - began) / 1000;
  const left = await place.unfinished();
  await running.stop();
  const settled = await settle(place, before - seen.size);
  const after = await writtenSoFar(adminUrl);
  const done = Math.max(1, seen.size);
  return {
    perSecond: began === 0 ? 0 : (before - left) / seconds,
    walBytes: (after.wal - written.wal) / done,
    deadTuples: (after.dead - written.dead) / done,
    lost: Math.max(0, before - settled - seen.size),
    unrecorded: Math.max(0, settled + seen.size - before),
    twice: finished - seen.size,
  };
}

/** Some contestants commit an end after they have told of it. */
async function settle(place: Place, expected: number): Promise<number> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const left = await place.unfinished();
    if (left === expected || performance.now() > deadline) return left;
    await sleep(50);
  }
}

async function writtenSoFar(adminUrl: string): Promise<{ wal: number; dead: number }> {
  const [row] = await query<{ wal: number; dead: number }>(
    adminUrl,
    `select (pg_current_wal_insert_lsn() - '0/0')::float8 as wal,
       (select coalesce(sum(n_tup_upd + n_tup_del), 0)::float8 from pg_stat_user_tables) as dead`,
  );
  return row ?? { wal: Number.NaN, dead: Number.NaN };
}
