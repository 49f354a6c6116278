/**
 * `npm run bench:queue`: Sideline's queue beside graphile-worker and pg-boss, on one Postgres of its
 * own with durability on. docs/benchmarks.md says what is measured and how.
 */
import { parseArgs } from "node:util";
import { type Bench, type Result, reportHelp, reportOptions, runBench } from "../program.ts";
import { grouped } from "../table.ts";
import { openArena } from "./arena.ts";
import type { CaseContext, CaseOutcome } from "./cases/case.ts";
import { claimLatency } from "./cases/claim-latency.ts";
import { enqueueCost } from "./cases/enqueue.ts";
import { heldTransaction } from "./cases/held-transaction.ts";
import { throughput } from "./cases/throughput.ts";
import { graphileWorker } from "./contestants/graphile-worker.ts";
import { pgBoss } from "./contestants/pg-boss.ts";
import { sideline } from "./contestants/sideline.ts";
import { installPeers, peerVersions } from "./peers.ts";
import { startBenchServer } from "./server.ts";
import { fullSizes, quickSizes, type Sizes } from "./sizes.ts";

const cases: Record<string, (context: CaseContext) => Promise<CaseOutcome>> = {
  a: (context) => throughput(context, false),
  b: (context) => throughput(context, true),
  c: claimLatency,
  d: heldTransaction,
  e: enqueueCost,
};

const help = `Measures Sideline's queue beside graphile-worker and pg-boss. About 25 minutes.

npm run bench:queue -- [options]

  --only a,b,…      only these cases
                      a  claim and complete, items a second (and f: WAL and dead tuples an item)
                      b  the same with the domain effect (and f)
                      c  latency of one claim, by depth
                      d  throughput under a transaction held for a minute
                      e  cost of the enqueue trigger
  --repeats N       repeats of each measurement, interleaved (default ${fullSizes.repeats})
  --quick           tiny sizes: shows in seconds that all runs; its numbers say nothing
  --no-peers        Sideline alone; nothing is installed
${reportHelp("bench:queue")}
`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: "string", default: Object.keys(cases).join() },
    repeats: { type: "string" },
    quick: { type: "boolean", default: false },
    peers: { type: "boolean", default: true },
    ...reportOptions,
  },
});
const chosen = values.only.split(",").map((name) => name.trim());
const base = values.quick ? quickSizes : fullSizes;
const sizes = { ...base, repeats: Number(values.repeats ?? base.repeats) };
const isWrong =
  chosen.some((name) => cases[name] === undefined) ||
  !Number.isInteger(sizes.repeats) ||
  sizes.repeats < 1;
if (values.help || isWrong) {
  console.log(help);
  process.exitCode = values.help ? 0 : 2;
} else {
  await runBench("bench:queue", values, (bench) => measure(bench, sizes));
}

async function measure({ say, track }: Bench, sizes: Sizes): Promise<Result> {
  if (values.peers) await installPeers(say);
  const server = await startBenchServer(!values.quick, say, track);
  try {
    const contestants = values.peers ? [sideline, graphileWorker, pgBoss] : [sideline];
    const arena = await openArena(server, contestants, sizes.history, say);
    const outcomes: Record<string, CaseOutcome> = {};
    for (const name of chosen) {
      const outcome = await cases[name]?.({ arena, sizes, say });
      if (outcome !== undefined) outcomes[name] = outcome;
    }
    const settings = await server.settings();
    const peers = values.peers ? await peerVersions() : {};
    const all = Object.values(outcomes);
    const data = Object.entries(outcomes).map(([name, outcome]) => [name, outcome.data]);
    return {
      conditions: [
        `Postgres: ${list(settings)}`,
        ...(values.peers ? [list(peers)] : []),
        `${sizes.repeats} repeats, interleaved; ${grouped(sizes.history)} finished rows beforehand; ` +
          `${sizes.connections} connections; windows of ${sizes.windowMs / 1000} s`,
      ],
      tables: all.flatMap(({ tables }) => tables),
      data: { settings, peers, sizes, cases: Object.fromEntries(data) },
      faults: all.reduce((sum, outcome) => sum + outcome.faults, 0),
    };
  } finally {
    await server.stop();
  }
}

function list(record: Record<string, string>): string {
  return Object.entries(record)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
