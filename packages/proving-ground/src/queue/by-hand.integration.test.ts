/**
 * Every signal is a hint. With the scheduler, the sender and the workers' own pings all lost, a
 * function that somebody calls by hand finds all the work of its stage.
 */
import { type FunctionName, type Stage, stageFunction, stageSchema } from "@sideline/contracts";
import { startTemporaryStack, type TemporaryStack } from "@sideline/local-stack";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addRecording,
  sampleClip,
  uploadVideo,
} from "../../../../supabase/functions/_shared/testing/recordings.ts";
import { type Relay, startRelay } from "../bench/pipeline/relay.ts";
import { createUser } from "../support/create-user.ts";

const recordingCount = 2;
let relay: Relay;
let stack: TemporaryStack;
let database: pg.Client;

beforeAll(async () => {
  relay = await startRelay({ dropsCalls: true });
  stack = await startTemporaryStack({
    cron: false,
    prewarm: false,
    providers: "local",
    functionsEnv: { SUPABASE_URL: relay.gate.url },
  });
  relay.gate.target = stack.apiUrl;
  database = new pg.Client(stack.adminDbUrl);
  await database.connect();
});

afterAll(async () => {
  await database?.end();
  await stack?.stop();
  await relay?.gate.stop();
});

test("a function called by hand drains its stage, with every signal lost", async () => {
  const user = await createUser(stack, "by-hand");
  for (let count = 0; count < recordingCount; count += 1) {
    const { id, path: name } = await addRecording(user);
    await uploadVideo(user, name, await sampleClip());
    await user.client.from("video_recordings").update({ upload_status: "completed" }).eq("id", id);
  }
  expect(await openItems("analysis")).toBe(recordingCount);
  const { data: session } = await user.client
    .from("sessions")
    .insert({ request: "Look at the toss" })
    .select("id")
    .single()
    .throwOnError();
  await user.client.from("session_drafts").insert({ session_id: session.id }).throwOnError();

  for (const stage of stageSchema.options) {
    expect(await openItems(stage)).toBeGreaterThan(0);
    expect(await callByHand(stageFunction[stage])).toBe(200);
    await expect.poll(() => openItems(stage), { timeout: 40_000 }).toBe(0);
  }

  const { rows } = await database.query(
    `select distinct ssml_status, audio_status from public.analysis_feedback`,
  );
  expect(rows).toEqual([{ ssml_status: "completed", audio_status: "completed" }]);
  expect((await database.query("select * from pipeline.violations")).rows).toEqual([]);
  expect(relay.calls).toBeGreaterThan(0);
});

async function openItems(stage: Stage): Promise<number> {
  const { rows } = await database.query<{ open: number }>(
    "select count(*)::int as open from pipeline.tasks where stage = $1",
    [stage],
  );
  return rows[0]?.open ?? 0;
}

async function callByHand(name: FunctionName): Promise<number> {
  const response = await fetch(`${stack.apiUrl}/functions/v1/${name}`, {
    method: "POST",
    headers: { apikey: stack.secretKey, "content-type": "application/json" },
    body: "{}",
  });
  await response.body?.cancel();
  return response.status;
}
