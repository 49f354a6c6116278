/**
 * `npm run bench:queue`: Sideline's queue beside graphile-worker and pg-boss, on one Postgres of its
 * own with durability on. docs/benchmarks.md says what is measured and how.
 */
import { readFile, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { openArena } from "./arena.ts";
import type { CaseContext, CaseOutcome } from "./cases/case.ts";
import { claimLatency } from "./cases/claim-latency.ts";
import { enqueueCost } from "./cases/enqueue.ts";
import { heldTransaction } from "./cases/held-transaction.ts";
import { throughput } from "./cases/throughput.ts";
import { graphileWorker } from "./contestants/graphile-worker.ts";
import { pgBoss } from "./contestants/pg-boss.ts";
import { sideline } from "./contestants/sideline.ts";
import { describeMachine } from "./machine.ts";
import { installPeers, peerVersions } from "./peers.ts";
import { type BenchServer, startBenchServer } from "./server.ts";
import { fullSizes, quickSizes, type Sizes } from "./sizes.ts";
import { grouped, markdownOf, replaceSection } from "./table.ts";

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
  --json            print one line of JSON at the end, with every measurement
  --markdown FILE   write the tables into FILE, between its marks "bench:queue begins" and "… ends"
`;

let starting: Promise<BenchServer> | undefined;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, async () => {
    if (interrupted) process.exit(128 + constants.signals[signal]);
    interrupted = true;
    // Also a server that is only just being started leaves a folder.
    await starting?.then((server) => server.stop()).catch(() => {});
    process.exit(128 + constants.signals[signal]);
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  // Stopping the server breaks off whatever was being measured.
  if (!interrupted) {
    console.error(error);
    process.exitCode = 1;
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      only: { type: "string" },
      repeats: { type: "string" },
      quick: { type: "boolean", default: false },
      peers: { type: "boolean", default: true },
      json: { type: "boolean", default: false },
      markdown: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const chosen = (values.only ?? Object.keys(cases).join()).split(",").map((name) => name.trim());
  const unknown = chosen.find((name) => cases[name] === undefined);
  const base = values.quick ? quickSizes : fullSizes;
  const sizes = { ...base, repeats: Number(values.repeats ?? base.repeats) };
  if (unknown !== undefined || !Number.isInteger(sizes.repeats) || sizes.repeats < 1) {
    console.error(help);
    return 2;
  }
  // Progress goes to standard error, so that standard output is the result alone.
  const began = performance.now();
  const say = (line: string) =>
    console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`);
  const machine = describeMachine();
  if (values.peers) await installPeers(say);
  starting = startBenchServer(say);
  const server = await starting;
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
    const seconds = Math.round((performance.now() - began) / 1000);
    const text = reportText({ machine, settings, peers, sizes, outcomes, seconds });
    console.log(values.json ? "" : text);
    if (values.markdown !== undefined) {
      const document = await readFile(values.markdown, "utf8");
      await writeFile(values.markdown, replaceSection(document, "bench:queue", text));
    }
    if (values.json) {
      const data = Object.entries(outcomes).map(([name, { data }]) => [name, data]);
      const all = { machine, settings, peers, sizes, seconds, cases: Object.fromEntries(data) };
      console.log(JSON.stringify(all));
    }
    const faults = Object.values(outcomes).reduce((sum, outcome) => sum + outcome.faults, 0);
    return faults === 0 ? 0 : 1;
  } finally {
    await server.stop();
  }
}

function reportText(run: {
  machine: ReturnType<typeof describeMachine>;
  settings: Record<string, string>;
  peers: Record<string, string>;
  sizes: Sizes;
  outcomes: Record<string, CaseOutcome>;
  seconds: number;
}): string {
  const { machine, settings, peers, sizes } = run;
  const list = (record: Record<string, string>) =>
    Object.entries(record)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  const lines = [
    `- ${machine.date}, ${run.seconds} s in all; load of the machine before: ${machine.loadBefore.toFixed(2)}`,
    `- ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.kernel}, Node ${machine.node}`,
    `- Postgres: ${list(settings)}`,
    ...(Object.keys(peers).length > 0 ? [`- ${list(peers)}`] : []),
    `- ${sizes.repeats} repeats, interleaved; ${grouped(sizes.history)} finished rows beforehand; ` +
      `${sizes.connections} connections; windows of ${sizes.windowMs / 1000} s`,
  ];
  const tables = Object.values(run.outcomes).flatMap(({ tables }) => tables.map(markdownOf));
  return `${lines.join("\n")}\n\n${tables.join("\n")}`;
}
