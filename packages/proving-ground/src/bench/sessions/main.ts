/** `npm run bench:sessions`: what owners wait for among 100,000 sessions, and counters under fire. */
import postgres from "postgres";
import { operateAtRandom } from "../../sessions/random-operations.ts";
import { actAs, loadSessions, sessionQueries } from "../../sessions/session-queries.ts";
import { benchProgram } from "../program.ts";
import { startBenchServer } from "../queue/server.ts";
import { percentile } from "../spread.ts";
import { grouped, millis } from "../table.ts";

/** What an owner waits for a list, a session or a search, in the database. */
const mostMs = 20;

await benchProgram({
  name: "bench:sessions",
  about: `Measures how long an owner of 50,000 sessions, of 100,000 in all, waits for lists, searches and
single ones; then has 8 connections do 10,000 random operations and counts what the counters say.
About a minute.`,
  numbers: {
    sessions: { value: 100_000, about: "how many there are" },
    operations: { value: 10_000, about: "how many random operations" },
    repeats: { value: 200, about: "of each question" },
  },
  async measure({ say, track }, { sessions, operations, repeats }) {
    const server = await startBenchServer(true, say, track);
    try {
      await server.create("many", server.migrated);
      say(`${grouped(sessions)} sessions`);
      const questions = await measureQuestions(server.adminUrlOf("many"), sessions, repeats);
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
            notes: [
              `Sessions whose counters differ from their rows: ${outcome.differences.length}.`,
            ],
          },
        ],
        data: { sessions, questions, operations, ...outcome },
        faults: late.length + outcome.differences.length,
      };
    } finally {
      await server.stop();
    }
  },
});

async function measureQuestions(adminUrl: string, sessions: number, repeats: number) {
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
