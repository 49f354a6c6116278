/**
 * `npm run bench:realtime`: how long a commit takes to reach subscribers, and whether any is lost.
 * A stack of its own runs in another process; every subscriber is a client with its own socket.
 */
import { type BenchStack, startBenchStack } from "./bench-stack.ts";
import { benchProgram } from "./program.ts";
import { openSubscribers } from "./realtime-subscribers.ts";
import { percentile } from "./spread.ts";
import { millis } from "./table.ts";
import { writeAtRate } from "./write-at-rate.ts";

interface Scenario {
  perSecond: number;
  subscribers: number;
  updates: number;
}

interface Outcome extends Scenario {
  /** Milliseconds from commit to the subscriber's callback. */
  latencyMs: { p50: number; p95: number; max: number };
  /** Events that never came, over all subscribers. */
  lost: number;
}

/** Transactions a second when nothing else goes on; always 30 updates. */
const idleRate = 5;

await benchProgram({
  name: "bench:realtime",
  about: "Measures Realtime: commit to client, and events lost.",
  numbers: {
    updates: { value: 1000, about: "updates in each scenario under load" },
    rate: { value: 0, least: 0, about: "only this many transactions a second; 5 is idle" },
    subscribers: { value: 0, least: 0, about: "only this many subscribers" },
  },
  async measure({ say, track }, given) {
    const stack = await startBenchStack();
    track(stack.stop);
    const scenarios: Outcome[] = [];
    try {
      for (const perSecond of given.rate > 0 ? [given.rate] : [idleRate, 50, 200]) {
        for (const subscribers of given.subscribers > 0 ? [given.subscribers] : [1, 10, 100]) {
          const updates = perSecond === idleRate ? 30 : given.updates;
          say(`${perSecond}/s × ${updates}, ${subscribers} subscribers`);
          scenarios.push(await run(stack, { perSecond, subscribers, updates }));
        }
      }
    } finally {
      await stack.stop();
    }
    const lost = scenarios.reduce((sum, outcome) => sum + outcome.lost, 0);
    const rows = scenarios.map(({ perSecond, subscribers, updates, latencyMs, lost }) => [
      ...[perSecond, updates, subscribers].map(String),
      ...Object.values(latencyMs).map(millis),
      String(lost),
    ]);
    const columns = ["a second", "updates", "subscribers", "p50", "p95", "max", "lost"];
    const tables = [{ title: "From commit to callback, milliseconds", columns, rows, notes: [] }];
    return { conditions: [], tables, data: { lost, scenarios }, faults: lost };
  },
});
// The Realtime clients keep a timer for ten seconds after they have disconnected.
process.exit();

async function run(stack: BenchStack, scenario: Scenario): Promise<Outcome> {
  const table = await stack.createTable();
  const subscribers = await openSubscribers(stack, table, scenario.subscribers);
  try {
    await writeAtRate(stack.dbUrl, table, scenario);
    await subscribers.settled(scenario.updates);
    const { latencies, received } = subscribers;
    const expected = scenario.updates * scenario.subscribers;
    const [p50 = 0, p95 = 0, max = 0] = [0.5, 0.95, 1].map((share) => percentile(latencies, share));
    return { ...scenario, latencyMs: { p50, p95, max }, lost: expected - received() };
  } finally {
    await subscribers.close();
    await stack.dropTable(table);
  }
}
