/**
 * `npm run load`: people who upload and listen, on the embedded stack, with providers that take their
 * time and fail now and then; whether what is promised was kept. docs/benchmarks.md says how.
 */
import { connect } from "../connect.ts";
import { startPipelineStack } from "../pipeline/bench-pipeline-stack.ts";
import { benchProgram } from "../program.ts";
import { gather } from "./people.ts";
import { databaseBytes, drained, resultsOf } from "./results.ts";
import { promisesOf, tablesOf } from "./tables.ts";

await benchProgram({
  name: "load",
  about: `Uploads for many people at once, and says whether what is promised was kept.
Exit code 1 where a promise was broken.`,
  numbers: {
    users: { value: 200, about: "people, each with an app that watches over Realtime" },
    minutes: { value: 10, least: 0.1, about: "how long they upload" },
    every: { value: 300, least: 1, about: "each uploads once in so many seconds" },
    "answer-ms": { value: 300, least: 0, about: "how long the model and the voice take to answer" },
    faults: { value: 5, least: 0, most: 100, about: "percent of their answers that are a 503" },
  },
  async measure({ say, track }, { users, minutes, every, "answer-ms": answerMs, faults }) {
    const stack = await startPipelineStack(track, {}, { answerMs, faultShare: faults / 100 });
    const db = await connect(stack.adminDbUrl);
    try {
      say(`${users} people sign up`);
      const crowd = await gather(stack, users);
      const before = await databaseBytes(db);
      say(`they upload for ${minutes} min`);
      const progress = setInterval(() => say(`${crowd.seen.uploads} uploads`), 30_000);
      await crowd.upload(minutes * 60, every).finally(() => clearInterval(progress));
      say("until all is spoken");
      const unfinished = await drained(db, 120);
      const bytes = (await databaseBytes(db)) - before;
      const results = { ...(await resultsOf(db)), unfinished, bytes };
      await crowd.leave();
      const promises = promisesOf(results, crowd.seen);
      return {
        conditions: [
          `${users} people, ${crowd.seen.uploads} uploads in ${minutes} min, answers after ${answerMs} ms, ${faults} % of them a 503`,
        ],
        tables: tablesOf(results, crowd.seen),
        data: { promises, results, seen: crowd.seen },
        faults: promises.filter(({ isKept }) => !isKept).length,
      };
    } finally {
      await db.end();
      await stack.stop();
    }
  },
});
