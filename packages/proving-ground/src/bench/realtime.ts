/**
 * `npm run bench:realtime`: how long a commit takes to reach subscribers, and whether any is lost.
 * A stack of its own runs in another process; every subscriber is a client with its own socket.
 */
import { parseArgs } from "node:util";
import { type BenchStack, startBenchStack } from "./bench-stack.ts";
import { openSubscribers } from "./realtime-subscribers.ts";
import { percentile } from "./spread.ts";
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

const help = `Measures Realtime: commit to client, and events lost.

npm run bench:realtime -- [options]

  --json            print one line of JSON at the end
  --updates N       updates in each scenario under load (default 1000)
  --rate N          only this many transactions a second (5 is idle)
  --subscribers N   only this many subscribers
`;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    help: { type: "boolean" },
    updates: { type: "string" },
    rate: { type: "string" },
    subscribers: { type: "string" },
  },
});
if (values.help) console.log(help);
else await main();
// The Realtime clients keep a timer for ten seconds after they have disconnected.
process.exit();

async function main(): Promise<void> {
  const say = values.json ? console.error : console.log;
  say("Starting a stack…");
  const stack = await startBenchStack();
  const outcomes: Outcome[] = [];
  try {
    for (const scenario of scenarios()) {
      const outcome = await run(stack, scenario);
      outcomes.push(outcome);
      say(describe(outcome));
    }
  } finally {
    await stack.stop();
  }
  const lost = outcomes.reduce((sum, outcome) => sum + outcome.lost, 0);
  if (values.json) console.log(JSON.stringify({ lost, scenarios: outcomes }));
  process.exitCode = lost === 0 ? 0 : 1;
}

function scenarios(): Scenario[] {
  const updates = Number(values.updates ?? 1000);
  const rates = values.rate === undefined ? [idleRate, 50, 200] : [Number(values.rate)];
  const crowds = values.subscribers === undefined ? [1, 10, 100] : [Number(values.subscribers)];
  return rates.flatMap((perSecond) =>
    crowds.map((subscribers) => ({
      perSecond,
      subscribers,
      updates: perSecond === idleRate ? 30 : updates,
    })),
  );
}

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

function describe({ perSecond, subscribers, updates, latencyMs, lost }: Outcome): string {
  const load = `${perSecond}/s × ${updates}, ${subscribers} subscribers`.padEnd(34);
  const times = Object.entries(latencyMs).map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`);
  return `${load} ${times.join("  ")}  lost ${lost}`;
}
