import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";

/**
 * Updates one row `updates` times, each in a transaction of its own and numbered in `n`. Where the
 * database falls behind, what is late is made up for at once: the rate holds on average.
 */
export async function writeAtRate(
  dbUrl: string,
  table: string,
  { perSecond, updates }: { perSecond: number; updates: number },
): Promise<void> {
  const sql = postgres(dbUrl, { max: 4, onnotice: () => {} });
  const began = performance.now();
  const pending: Promise<unknown>[] = [];
  try {
    for (let n = 1; n <= updates; n++) {
      const due = began + ((n - 1) * 1000) / perSecond;
      const early = due - performance.now();
      if (early > 0) await sleep(early);
      // Without this, the driver would not send it before it is awaited.
      pending.push(sql`update ${sql(table)} set n = ${n}`.execute());
      if (pending.length >= 100) await Promise.all(pending.splice(0));
    }
    await Promise.all(pending);
  } finally {
    await sql.end();
  }
}
