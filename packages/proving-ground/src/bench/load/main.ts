/**
 * `npm run load`: people who upload and listen, on the embedded stack, with providers that take their
 * time and fail now and then; whether what is promised was kept. docs/benchmarks.md says how.
 */
import { parseArgs } from "node:util";
import { startPipelineStack } from "../pipeline/bench-pipeline-stack.ts";
import { type Bench, type Result, reportHelp, reportOptions, runBench } from "../program.ts";
import { gather } from "./people.ts";
import { connectTo, databaseBytes, drained, resultsOf } from "./results.ts";
import { promisesOf, tablesOf } from "./tables.ts";

const help = `Uploads for many people at once, and says whether what is promised was kept.

npm run load -- [options]

  --users N         people, each with an app that watches over Realtime (default 200)
  --minutes N       how long they upload (default 10)
  --every SECONDS   each uploads once in so many seconds (default 300)
  --answer-ms N     how long the model and the voice take for an answer (default 300)
  --faults PERCENT  how many of their answers are a 503 instead (default 5)
${reportHelp("load")}

Exit code 1 where a promise was broken.
`;

const { values } = parseArgs({
  options: {
    users: { type: "string", default: "200" },
    minutes: { type: "string", default: "10" },
    every: { type: "string", default: "300" },
    "answer-ms": { type: "string", default: "300" },
    faults: { type: "string", default: "5" },
    ...reportOptions,
  },
});
const [users, minutes, every] = [values.users, values.minutes, values.every].map(Number);
const [answerMs, faults] = [values["answer-ms"], values.faults].map(Number);
const areRight =
  Number.isInteger(users) &&
  [users, minutes, every].every((number) => number !== undefined && number > 0) &&
  [answerMs, faults].every((number) => number !== undefined && number >= 0) &&
  Number(faults) <= 100;
if (values.help || !areRight) {
  console.log(help);
  process.exitCode = values.help ? 0 : 2;
} else {
  await runBench("load", values, measure);
}

async function measure({ say, track }: Bench): Promise<Result> {
  const stack = await startPipelineStack(
    track,
    {},
    {
      answerMs: Number(answerMs),
      faultShare: Number(faults) / 100,
    },
  );
  const db = await connectTo(stack.adminDbUrl);
  try {
    say(`${users} people sign up`);
    const crowd = await gather(stack, Number(users));
    const before = await databaseBytes(db);
    say(`they upload for ${minutes} min`);
    const progress = setInterval(() => say(`${crowd.seen.uploads} uploads`), 30_000);
    await crowd.upload(Number(minutes) * 60, Number(every)).finally(() => clearInterval(progress));
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
}
