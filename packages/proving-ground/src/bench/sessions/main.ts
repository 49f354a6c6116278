/** `npm run bench:sessions`: what owners wait for among 100,000 sessions, and counters under fire. */
import { parseArgs } from "node:util";
import postgres from "postgres";
import { operateAtRandom } from "../../sessions/random-operations.ts";
import { actAs, loadSessions, sessionQueries } from "../../sessions/session-queries.ts";
import { type Bench, type Result, reportHelp, reportOptions, runBench } from "../program.ts";
import { startBenchServer } from "../queue/server.ts";
import { percentile } from "../spread.ts";
import { grouped, millis } from "../table.ts";

const help = `Measures how long an owner of 50,000 sessions, of 100,000 in all, waits for lists, searches and
single ones; then has 8 connections do 10,000 random operations and counts what the counters say.
About a minute.

npm run bench:sessions -- [options]

  --sessions N      how many there are (default 100000)
  --operations N    how many random operations (default 10000)
  --repeats N       of each question (default 200)
${reportHelp("bench:sessions")}
`;

/** What an owner waits for a list, a session or a search, in the database. */
const mostMs = 20;

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "100000" },
    operations: { type: "string", default: "10000" },
    repeats: { type: "string", default: "200" },
    ...reportOptions,
  },
});
const numbers = [values.sessions, values.operations, values.repeats].map(Number);
const [sessions = 0, operations = 0, repeats = 0] = numbers;
if (values.help || numbers.some((number) => !Number.isInteger(number) || number < 1)) {
  console.log(help);
  process.exitCode = values.help ? 0 : 2;
} else {
  await runBench("bench:sessions", values, measureAll);
}

async function measureAll({ say, track }: Bench): Promise<Result> {
  const server = await startBenchServer(true, say, track);
  try {
    await server.create("many", server.migrated);
    say(`${grouped(sessions)} sessions`);
    const questions = await measureQuestions(server.adminUrlOf("many"));
    await server.create("busy", server.migrated);
    say(`${grouped(operations)} random operations`);
    const adminUrl = server.adminUrlOf("busy");
    const outcome = await operateAtRandom({ adminUrl, operations, connections: 8, seed: 15 });
    const late = questions.filter(({ p95 }) => p95 > mostMs);
    return {
      conditions: [`half of ${grouped(sessions)} sessions are the asking owner's`],
      tables: [
        {
          title: "What an owner waits for, ms",
          columns: ["question", "p50", "p95", "slowest"],
          rows: questions.map(({ name, p50, p95, most }) => [
            name,
            ...[p50, p95, most].map(millis),
          ]),
          notes: [`Each asked ${repeats} times, as the owner, under the policies.`],
        },
        {
          title: `${grouped(operations)} random operations from 8 connections`,
          columns: ["what came of them", "how often"],
          rows: Object.entries(outcome.counts).map(([what, count]) => [what, grouped(count)]),
          notes: [`Sessions whose counters differ from their rows: ${outcome.differences.length}.`],
        },
      ],
      data: { sessions, questions, operations, ...outcome },
      faults: late.length + outcome.differences.length,
    };
  } finally {
    await server.stop();
  }
}

async function measureQuestions(adminUrl: string) {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    const { heavyUserId, sessionId, middle } = await loadSessions(sql, sessions);
    await actAs(sql, heavyUserId);
    const measured = [];
    for (const query of sessionQueries(sessionId, middle)) {
      const times: number[] = [];
      for (let time = 0; time < repeats; time += 1) {
        const began = performance.now();
        await query.run(sql);
        times.push(performance.now() - began);
      }
      const [p50, p95, most] = [0.5, 0.95, 1].map((share) => percentile(times, share));
      measured.push({ name: query.name, p50: p50 ?? 0, p95: p95 ?? 0, most: most ?? 0 });
    }
    return measured;
  } finally {
    await sql.end();
  }
}
