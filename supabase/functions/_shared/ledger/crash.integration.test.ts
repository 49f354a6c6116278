/**
 * A worker is killed between a paid answer and its result: the next one makes the result of that
 * answer. Nobody is paid twice, and nothing is written twice.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Stage } from "@sideline/contracts";
import { type LocalProviders, startLocalProviders } from "@sideline/local-providers";
import {
  type ClonedDatabase,
  cloneDatabase,
  createServiceClient,
} from "@sideline/proving-ground/testing";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { z } from "zod";
import { sleep } from "../sleep.ts";
import { getJson } from "../testing/call-function.ts";
import { collectingLog } from "../testing/collecting-log.ts";
import { type StagedItem, stageItem, stateOf } from "../testing/faults/staged-item.ts";
import { sampleClip } from "../testing/recordings.ts";
import { sqlDatabase } from "../testing/sql-database.ts";
import { stageWorker } from "../testing/stage-worker.ts";

const stack = inject("stack");
const dyingWorker = new URL("../testing/crash/dying-worker.ts", import.meta.url).pathname;

let database: ClonedDatabase;
let db: pg.Client;
let providers: LocalProviders;

beforeAll(async () => {
  database = await cloneDatabase(stack);
  db = await database.client("admin");
  providers = await startLocalProviders();
});
afterAll(async () => {
  await providers.stop();
  await database.drop();
});
beforeEach(async () => {
  await db.query("delete from public.video_recordings");
  await fetch(`${providers.url}/_requests`, { method: "DELETE" });
});

const requestsSchema = z.object({ requests: z.array(z.object({ operation: z.string() })) });

/** What the provider was asked for, in order, but for looks at files and their end. */
async function asked(): Promise<string[]> {
  const { requests } = await getJson(`${providers.url}/_requests`, requestsSchema);
  return requests.map(({ operation }) => operation).filter((operation) => operation !== "files");
}

/** Queues an item; its video lies in the stack's own Storage. */
async function newItem(stage: Stage): Promise<StagedItem> {
  const item = await stageItem(db, stage);
  const { rows } = await db.query(
    "select storage_path from public.video_recordings where id = $1",
    [item.recordingId],
  );
  // The stack's sweep takes files at once whose owner its own database does not know.
  const own = new pg.Client({ connectionString: stack.adminDbUrl });
  await own.connect();
  const [owner] = rows[0].storage_path.split("/");
  await own.query("insert into auth.users (id, email) values ($1, $2) on conflict do nothing", [
    owner,
    `${owner}@crash.test`,
  ]);
  await own.end();
  const { error } = await createServiceClient(stack)
    .storage.from("raw")
    .upload(rows[0].storage_path, new Blob([await sampleClip()], { type: "video/mp4" }));
  if (error) throw error;
  return item;
}

/** Has a worker claim it, do its work and die; then its lease ends. */
async function dieWith({ stage, id }: StagedItem): Promise<void> {
  const child = spawn(process.execPath, [dyingWorker], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      STAGE: stage,
      DATABASE_URL: database.adminUrl,
      PROVIDER_URL: providers.url,
      STORAGE_URL: stack.apiUrl,
      SECRET_KEY: stack.secretKey,
    },
  });
  const [code, signal] = await once(child, "exit");
  expect([code, signal]).toEqual([null, "SIGKILL"]);
  await db.query(
    `update pipeline.tasks set available_at = pipeline.now() - interval '1 second'
     where stage = $1 and subject_id = $2`,
    [stage, id],
  );
}

async function workAgain(stage: Stage) {
  const { log, lines } = collectingLog();
  const worker = stageWorker(stage, {
    client: sqlDatabase(db),
    log,
    provider: { apiKey: "the-key", baseUrl: providers.url },
    storage: { url: stack.apiUrl, secretKey: stack.secretKey },
    encoding: "LINEAR16",
    sleep,
  });
  const report = await worker.run();
  return { report, lines };
}

async function ledgerOf({ stage, id }: StagedItem) {
  const { rows } = await db.query(
    `select provider, model, attempt, cost::float8, characters > 0 as spoken,
       input_tokens > 0 as read, answer is not null as kept, refused
     from pipeline.provider_calls where stage = $1 and subject_id = $2 order by created_at`,
    [stage, id],
  );
  return rows;
}

const text = { provider: "gemini", read: true, spoken: null };
const paid = { attempt: 1, cost: 0, kept: true, refused: null };

test.each([
  ["analysis", ["upload", "upload", "analysis"], { ...text, model: "offline-bitstream-1" }],
  ["ssml", ["ssml"], { ...text, model: "offline-ssml-1" }],
  ["audio", ["tts"], { provider: "espeak-ng", model: "en-US-Neural2-C", read: null, spoken: true }],
] as const)("%s: one paid call, one result", { timeout: 60_000 }, async (stage, calls, row) => {
  const item = await newItem(stage);

  await dieWith(item);
  expect(await stateOf(db, item)).toMatchObject({ status: "processing", written: 0 });
  expect(await ledgerOf(item)).toEqual([{ ...paid, ...row }]);
  const { report, lines } = await workAgain(stage);

  expect(report, JSON.stringify(lines)).toMatchObject({ claimed: 1, completed: 1 });
  const state = await stateOf(db, item);
  expect(state).toMatchObject({ status: "completed", attempts: 1, errorCode: null });
  if (stage === "analysis") expect(state.written).toBeGreaterThan(1);
  else expect(state.written).toBe(1);
  expect(await asked()).toEqual(calls);
  expect(await ledgerOf(item)).toEqual([{ ...paid, ...row }]);
  expect((await db.query("select * from pipeline.duplicate_spend")).rows).toEqual([]);
  expect((await db.query("select * from pipeline.violations")).rows).toEqual([]);
});

test("an answer and its repair are both used again", { timeout: 60_000 }, async () => {
  const fault = { match: "analysis", kind: "malformed", times: 1 };
  await fetch(`${providers.url}/_faults`, { method: "POST", body: JSON.stringify(fault) });
  const item = await newItem("analysis");

  await dieWith(item);
  const { report } = await workAgain("analysis");

  expect(report).toMatchObject({ completed: 1 });
  expect(await asked()).toEqual(["upload", "upload", "analysis", "analysis"]);
  expect(await ledgerOf(item)).toHaveLength(2);
});

test("audio that is gone since is spoken again", { timeout: 60_000 }, async () => {
  const item = await newItem("audio");
  await dieWith(item);
  const { rows } = await db.query(
    "select answer ->> 'path' as path from pipeline.provider_calls where subject_id = $1",
    [item.id],
  );
  await createServiceClient(stack).storage.from("processed").remove([rows[0].path]);

  await workAgain("audio");

  expect(await stateOf(db, item)).toMatchObject({ status: "completed", written: 1 });
  expect(await asked()).toEqual(["tts", "tts"]);
});
