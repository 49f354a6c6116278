import { errorCodeSchema, errorSentences, type Stage, videoFaults } from "@sideline/contracts";
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { collectingLog } from "../testing/collecting-log.ts";
import { type Fault, faults, paid } from "../testing/faults/fault-list.ts";
import { outcomeOf, pageOf } from "../testing/faults/outcomes.ts";
import {
  type Misbehaviour,
  type Operation,
  providerWorld,
} from "../testing/faults/provider-world.ts";
import { type StagedItem, stageItem, stateOf } from "../testing/faults/staged-item.ts";
import { sqlDatabase } from "../testing/sql-database.ts";
import { stageWorker } from "../testing/stage-worker.ts";

let database: ClonedDatabase;
let db: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  db = new pg.Client({ connectionString: database.adminUrl });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await database.drop();
});

/** The stage's own worker, on the database, with real clients and providers that misbehave. */
async function workerOf(stage: Stage, fault: Fault) {
  const { log, lines } = collectingLog();
  const { url, asked } = await providerWorld(fault.misbehave);
  const away = fault.unreachable ? "http://127.0.0.1:1" : url;
  const worker = stageWorker(stage, {
    client: sqlDatabase(db),
    log,
    provider: { apiKey: "the-secret-key", baseUrl: away },
    storage: { url, secretKey: "sb_secret_x" },
    encoding: "MP3",
    sleep: async () => undefined,
  });
  return { worker, lines, asked };
}

/** Once a provider was asked for what costs money, seconds pass in no time. */
async function whileTimePasses<T>(work: () => Promise<T>, asked: Operation[]): Promise<T> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  let isDone = false;
  const result = work().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await new Promise((next) => setImmediate(next));
    if (asked.some((operation) => paid.has(operation))) vi.advanceTimersByTime(1_000);
  }
  return await result;
}

/** An owner that is not there any more, and providers that nothing is held against. */
async function leave(item: StagedItem) {
  await db.query("delete from public.video_recordings where id = $1", [item.recordingId]);
  await db.query("delete from public.sessions");
  await db.query(
    `update pipeline.provider_limits set open_until = null, failing_users = '{}',
       refused_users = '{}', not_before = null, probe_token = null, probe_until = null, probes = 0`,
  );
}

const sentences = new Set<string>([
  ...Object.values(errorSentences),
  ...Object.values(videoFaults),
]);
const seen: { fault: string; stage: Stage; outcome: string }[] = [];
const cases = faults.flatMap((fault) =>
  fault.stages.map((stage) => ({ name: fault.name.trim(), stage, fault })),
);

describe("what a provider does to an item", () => {
  test.each(cases)("$stage: $name", async ({ name, stage, fault }) => {
    const item = await stageItem(db, stage);
    const { worker, lines, asked } = await workerOf(stage, fault);

    const report = await (fault.hangs ? whileTimePasses(() => worker.run(), asked) : worker.run());

    const state = await stateOf(db, item);
    const outcome = outcomeOf(state);
    seen.push({ fault: name, stage, outcome });
    expect(report).toMatchObject({ claimed: 1, lost: 0, stale: 0 });
    expect(state.lastError === null || sentences.has(state.lastError)).toBe(true);
    expect(state.written > 0).toBe(state.status === "completed");
    expect(JSON.stringify(lines)).not.toMatch(/the-secret-key|AIza|console\.test|123456789012/);
    expect((await db.query("select * from pipeline.violations")).rows).toEqual([]);
    await leave(item);
  });

  test("is what docs/provider-errors.md says", async () => {
    const page = new URL("../../../../docs/provider-errors.md", import.meta.url);

    await expect(pageOf(seen)).toMatchFileSnapshot(page.pathname);
  });

  test("every code has its sentence, and every sentence is of a code", () => {
    expect(Object.keys(errorSentences).sort()).toEqual([...errorCodeSchema.options].sort());
  });
});

/** As a misbehaviour that never happens. */
const none: Misbehaviour = () => undefined;

test.each(["analysis", "ssml", "audio", "draft"] as const)(
  "without a fault, %s completes",
  async (stage) => {
    const item = await stageItem(db, stage);
    const { worker } = await workerOf(stage, { name: "none", stages: [stage], misbehave: none });

    await worker.run();

    expect(await stateOf(db, item)).toMatchObject({ status: "completed", written: 1, delay: null });
    await leave(item);
  },
);
