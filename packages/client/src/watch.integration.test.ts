/** The watcher against the real thing: the whole pipeline, and a line that is cut. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "@sideline/database";
import { projectDirectory } from "@sideline/local-stack";
import {
  createServiceClient,
  createUser,
  openLine,
  type Random,
  seededRandom,
} from "@sideline/proving-ground/testing";
import { createClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { afterAll, expect, inject, test } from "vitest";
import { changesBetween } from "./changes-between.ts";
import { readRecording } from "./read-recording.ts";
import type { RecordingState } from "./recording-state.ts";
import { createSideline, type WatchedRecording } from "./sideline.ts";
import { whenSettled } from "./when-settled.ts";

const stack = inject("stack");
const service = createServiceClient(stack);
/** Triggers would hand what these tests write to the pipeline, which writes too. */
const sql = postgres(stack.adminDbUrl, {
  max: 1,
  onnotice: () => {},
  connection: { session_replication_role: "replica" },
});
afterAll(() => sql.end());

async function signedInAgain({ email, password }: { email: string; password: string }) {
  const client = createClient<Database>(stack.apiUrl, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  await client.auth.signInWithPassword({ email, password });
  return client;
}

async function inDatabase(recordingId: number) {
  return await readRecording(service, recordingId, AbortSignal.timeout(5_000));
}

function shown({ store }: WatchedRecording) {
  const { recording, job, feedback } = store.getState();
  return { recording, job, feedback };
}

test("a clip is followed from its upload to its sound", async () => {
  const user = await createUser(stack, "owner");
  const sideline = createSideline(user.client);
  const bytes = await readFile(join(projectDirectory, "samples", "rally.mp4"));
  const recordingId = await sideline
    .upload(new File([bytes], "rally.mp4", { type: "video/mp4" }))
    .whenDone();
  const watched = sideline.watchRecording(recordingId);
  const told: string[] = [];
  watched.store.subscribe((state, before) => {
    for (const { subject, to } of changesBetween(before, state)) told.push(`${subject} ${to}`);
  });

  const { job, feedback } = await whenSettled(watched.store, { patienceMs: 40_000 });

  expect(job).toMatchObject({ status: "completed", model: expect.stringMatching(/^offline/) });
  expect(job?.metrics.length).toBeGreaterThan(0);
  expect(feedback.length).toBeGreaterThan(0);
  expect(shown(watched)).toEqual(await inDatabase(recordingId));
  expect(watched.store.getState().connection).toBe("live");
  expect(told.indexOf("analysis completed")).toBeLessThan(told.indexOf("ssml completed"));
  expect(told.indexOf("ssml completed")).toBeLessThan(told.indexOf("audio completed"));
  expect(told.filter((change) => change === "audio completed")).toHaveLength(feedback.length);
  for (const { audioSegments } of feedback) {
    const url = await sideline.audioUrls.get(audioSegments[0]?.path ?? "");
    const sound = await fetch(url);
    expect(sound.headers.get("content-type")).toBe("audio/wav");
    await sound.body?.cancel();
  }
  await watched.stop();
  expect(user.client.getChannels()).toEqual([]);
});

async function insertRecording(userId: string): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    with recording as (
      insert into public.video_recordings (user_id, filename, storage_path, upload_status)
      values (${userId}, 'clip.mp4', ${`${userId}/${crypto.randomUUID()}.mp4`}, 'completed')
      returning id
    ), job as (
      insert into public.analysis_jobs (video_recording_id, user_id, status, coach)
      select id, ${userId}, 'processing', '{}' from recording
    )
    select id::int from recording`;
  return row?.id ?? 0;
}

/** Any transaction that a pipeline might make, and some that it would not. */
async function changeSomething(recordingId: number, random: Random): Promise<void> {
  const status = random.pick(["queued", "processing", "completed"]);
  const errorCode = random.pick([null, "provider_unavailable"]);
  const job = sql`select id, user_id from public.analysis_jobs
    where video_recording_id = ${recordingId}`;
  const one = sql`select id from public.analysis_feedback
    where analysis_job_id in (select id from (${job}) as j) order by random() limit 1`;
  const add = (count: number) => sql`
    insert into public.analysis_feedback
      (analysis_job_id, user_id, start_seconds, end_seconds, category, severity, confidence, message)
    select j.id, j.user_id, n, n + 1, 'pace', 'low', 0.5, 'Remark ' || n
    from (${job}) as j, generate_series(1, ${count}::int) as n`;
  const touchJob = sql`
    update public.analysis_jobs set status = ${status}, attempts = attempts + 1,
      error_code = ${errorCode} where video_recording_id = ${recordingId}`;
  const kind = random.pick(["job", "ssml", "ssml", "audio", "audio", "segments", "add", "replace"]);
  await sql.begin(async (transaction) => {
    const run = (query: typeof touchJob) => transaction`${query}`;
    if (kind === "job") await run(touchJob);
    if (kind === "add") await run(add(1));
    if (kind === "ssml") {
      await run(sql`update public.analysis_feedback set ssml_status = ${status},
        ssml_attempts = ssml_attempts + 1, ssml_error_code = ${errorCode} where id in (${one})`);
    }
    if (kind === "audio") {
      await run(sql`update public.analysis_feedback set audio_status = ${status},
        audio_attempts = audio_attempts + 1 where id in (${one})`);
    }
    if (kind === "segments") {
      await run(sql`
        with touched as (
          update public.analysis_feedback set ssml_attempts = ssml_attempts + 1
          where id in (${one}) returning id, ssml_attempts
        )
        insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml)
        select id, ssml_attempts, '<speak>Well.</speak>' from touched`);
    }
    if (kind === "replace") {
      await run(sql`delete from public.analysis_feedback
        where analysis_job_id in (select id from (${job}) as j)`);
      await run(touchJob);
      await run(add(3));
    }
  });
}

test.each([1, 2, 3])(
  "after a cut the store equals the database within 2 s (seed %i)",
  async (seed) => {
    const random = seededRandom(seed);
    const line = await openLine(stack.apiUrl);
    const user = await createUser({ ...stack, apiUrl: line.url }, "owner");
    const recordingId = await insertRecording(user.userId);
    const watched = createSideline(user.client).watchRecording(recordingId);
    const seen: RecordingState[] = [];
    watched.store.subscribe((state) => seen.push(state));
    const isLive = () => expect.poll(() => watched.store.getState().connection).toBe("live");
    await isLive();

    for (let round = 0; round < 3; round += 1) {
      for (let step = 0; step < 20; step += 1) await changeSomething(recordingId, random);
      await expect
        .poll(() => shown(watched), { timeout: 2_000 })
        .toEqual(await inDatabase(recordingId));
      line.cut();
      await expect.poll(() => watched.store.getState().connection).toBe("polling");
      for (let step = 0; step < 20; step += 1) await changeSomething(recordingId, random);
      line.mend();
      await isLive();
      await expect
        .poll(() => shown(watched), { timeout: 2_000, interval: 10 })
        .toEqual(await inDatabase(recordingId));
    }

    const attempts = seen.map(({ job }) => job?.attempts ?? 0);
    expect(attempts).toEqual(attempts.toSorted((a, b) => a - b));
    await watched.stop();
    await sql`delete from public.analysis_feedback where user_id = ${user.userId}`;
    await sql`delete from public.analysis_jobs where user_id = ${user.userId}`;
    await sql`delete from public.video_recordings where user_id = ${user.userId}`;
    await line.close();
  },
  90_000,
);

test("a watcher without a socket asks instead", async () => {
  const user = await createUser(stack, "owner");
  const recordingId = await insertRecording(user.userId);
  /** Nobody listens where it connects to. */
  class UnreachableSocket extends WebSocket {
    constructor() {
      super("ws://127.0.0.1:1");
    }
  }
  const deaf = createClient<Database>(stack.apiUrl, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: UnreachableSocket },
  });
  await deaf.auth.signInWithPassword(user);
  const watched = createSideline(deaf).watchRecording(recordingId);
  await expect.poll(() => watched.store.getState().connection).toBe("polling");

  await sql`update public.analysis_jobs set status = 'failed', error_code = 'video_unreadable'
    where video_recording_id = ${recordingId}`;

  expect((await whenSettled(watched.store)).job).toMatchObject({ errorCode: "video_unreadable" });
  await watched.stop();
  await sql`delete from public.analysis_jobs where user_id = ${user.userId}`;
  await sql`delete from public.video_recordings where user_id = ${user.userId}`;
});

test("what its owner deletes elsewhere is gone here at once", async () => {
  const user = await createUser(stack, "owner");
  const recordingId = await insertRecording(user.userId);
  const sideline = createSideline(user.client);
  const watched = sideline.watchRecording(recordingId);
  const letGo = sideline.recordings.hold();
  const listed = () => sideline.recordings.store.getState();
  await expect.poll(() => watched.store.getState().connection).toBe("live");
  await expect.poll(() => listed().connection).toBe("live");
  expect(listed().recordings).toHaveLength(1);

  const elsewhere = createSideline(await signedInAgain(user));
  await elsewhere.deleteRecording(recordingId);

  await expect.poll(() => watched.store.getState().phase, { timeout: 2_000 }).toBe("missing");
  await expect.poll(() => listed().recordings, { timeout: 2_000 }).toEqual([]);
  await watched.stop();
  await letGo();
});

test("a number that is none is no recording", async () => {
  const stranger = await createUser(stack, "stranger");
  const watched = createSideline(stranger.client).watchRecording(Number("12x"));

  expect(await whenSettled(watched.store)).toMatchObject({ phase: "missing", readError: null });
  await watched.stop();
});

test("another's recording is missing", async () => {
  const owner = await createUser(stack, "owner");
  const stranger = await createUser(stack, "stranger");
  const { data } = await owner.client
    .from("video_recordings")
    .insert({ filename: "clip.mp4", storage_path: `${owner.userId}/clip.mp4` })
    .select("id")
    .single()
    .throwOnError();
  const watched = createSideline(stranger.client).watchRecording(data.id);

  expect(await whenSettled(watched.store)).toMatchObject({ phase: "missing", recording: null });
  await watched.stop();
});
