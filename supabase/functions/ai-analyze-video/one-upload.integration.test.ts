import { createHash } from "node:crypto";
import { analysisClaimSchema } from "@sideline/contracts";
import { startProviders } from "@sideline/local-stack/parts";
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { pipelineQueue } from "../_shared/pipeline-queue.ts";
import { createGemini } from "../_shared/providers/gemini.ts";
import { createGeminiFiles } from "../_shared/providers/gemini-files.ts";
import { sleep } from "../_shared/sleep.ts";
import { createStorage } from "../_shared/storage.ts";
import { collectingLog } from "../_shared/testing/collecting-log.ts";
import { providerWorld } from "../_shared/testing/faults/provider-world.ts";
import { stageItem, stateOf } from "../_shared/testing/faults/staged-item.ts";
import { sampleClip } from "../_shared/testing/recordings.ts";
import { sqlDatabase } from "../_shared/testing/sql-database.ts";
import { runLimits } from "../_shared/worker/run-limits.ts";
import { createWorker } from "../_shared/worker/worker.ts";
import { analyseVideo } from "./analyse-video.ts";

let database: ClonedDatabase;
let db: pg.Client;
let providers: { url: string; stop(): Promise<void> };

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  db = new pg.Client({ connectionString: database.adminUrl });
  [providers] = await Promise.all([startProviders(() => {}, { prewarm: false }), db.connect()]);
});
afterAll(async () => {
  await Promise.all([providers.stop(), db.end()]);
  await database.drop();
});

const kibibyte = 1024;

/** One call of the function in an isolate of its own: nothing is shared but the database. */
async function isolate(storageUrl: string) {
  const provider = { apiKey: "offline", baseUrl: providers.url, fetch };
  const storage = createStorage({ url: storageUrl, secretKey: "sb_secret_x", fetch });
  const gemini = createGemini({ ...provider, model: "model-1" });
  const files = createGeminiFiles({
    ...provider,
    chunkBytes: 32 * kibibyte,
    // The provider counts looks, not time.
    sleep: (ms, signal) => sleep(Math.min(ms, 20), signal),
  });
  const worker = createWorker({
    ...runLimits,
    bytes: 64 * kibibyte,
    queue: pipelineQueue(sqlDatabase(db), "analysis", analysisClaimSchema),
    process: (claim, attempt) => analyseVideo({ storage, files, gemini }, claim, attempt),
    log: collectingLog().log,
    now: () => performance.now(),
    shutdown: new AbortController().signal,
    concurrency: 1,
  });
  return await worker.run();
}

test("a video that takes several calls to send and minutes to read is uploaded once", async () => {
  const fault = { match: "upload", kind: "file_processing", looks: 84 };
  await fetch(`${providers.url}/_faults`, { method: "POST", body: JSON.stringify(fault) });
  const { url } = await providerWorld(() => undefined);
  const item = await stageItem(db, "analysis");
  const outcomes: string[] = [];
  let state = await stateOf(db, item);

  while (state.status === "queued" && outcomes.length < 100) {
    const report = await isolate(url);
    outcomes.push(report.released > 0 ? "sent a part" : report.deferred > 0 ? "waits" : "ends");
    state = await stateOf(db, item);
    await db.query(
      "select set_config('pipeline.now', (pipeline.now() + interval '6 minutes')::text, false)",
    );
  }

  expect(state).toMatchObject({ status: "completed", attempts: 1, errorCode: null });
  expect(outcomes.filter((outcome) => outcome === "sent a part")).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === "waits").length).toBeGreaterThanOrEqual(4);
  const { requests } = await (await fetch(`${providers.url}/_requests`)).json();
  const commands = requests.flatMap(
    (one: { headers: Record<string, string> }) => one.headers["x-goog-upload-command"] ?? [],
  );
  const clip = await sampleClip();
  const sha256 = createHash("sha256").update(clip).digest("hex");
  expect(commands.filter((command: string) => command === "start")).toHaveLength(1);
  expect(requests.flatMap((one: { file?: object }) => one.file ?? [])).toMatchObject([
    { bytes: clip.length, sha256 },
  ]);
  expect(requests.at(-1)).toMatchObject({ method: "DELETE", operation: "files" });
  expect((await db.query("select * from pipeline.violations")).rows).toEqual([]);
});
