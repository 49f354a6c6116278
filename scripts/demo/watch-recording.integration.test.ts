import { randomUUID } from "node:crypto";
import type { Database } from "@sideline/database";
import { createUser, type TestUser } from "@sideline/proving-ground/testing";
import { createClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { afterAll, expect, inject, test } from "vitest";
import { follow, type Progress } from "./follow.ts";
import { watchRecording } from "./watch-recording.ts";

const stack = inject("stack");
const sql = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
afterAll(() => sql.end());

async function insertRecording({ userId, client }: TestUser): Promise<number> {
  const { data } = await client
    .from("video_recordings")
    .insert({
      user_id: userId,
      filename: "clip.mp4",
      original_filename: "clip.mp4",
      storage_path: `${userId}/${randomUUID()}.mp4`,
      mime_type: "video/mp4",
      file_size: 1,
      upload_status: "uploading",
    })
    .select("id")
    .single()
    .throwOnError();
  return data.id;
}

/** Fails the upload, which settles the recording: its job has failed, too. */
async function failUpload(recordingId: number): Promise<void> {
  await sql`
    update public.video_recordings
    set upload_status = 'failed', error_code = 'upload_failed', last_error = 'cut off'
    where id = ${recordingId}`;
}

/** Nobody listens where it connects to. */
class UnreachableSocket extends WebSocket {
  constructor() {
    super("ws://127.0.0.1:1");
  }
}

const told = ({ change: { subject, to } }: Progress) => `${subject} ${to}`;

test("changes are told as they are committed, until the recording is settled", async () => {
  const user = await createUser(stack, "watcher");
  const recordingId = await insertRecording(user);
  const seen: Progress[] = [];

  for await (const progress of follow(watchRecording(user.client, recordingId))) {
    seen.push(progress);
    // What happens before the subscription is in force is read again then.
    if (seen.length === 1) await failUpload(recordingId);
  }

  expect(seen.map(told)).toEqual(["upload uploading", "upload failed", "analysis failed"]);
  expect(user.client.getChannels()).toEqual([]);
});

test("changes that come over the subscription say when they were committed", async () => {
  const user = await createUser(stack, "watcher");
  const recordingId = await insertRecording(user);
  const states = watchRecording(user.client, recordingId);
  await states.next();
  // The second state is what was read once the subscription was in force.
  await states.next();
  const before = Date.now();

  await failUpload(recordingId);
  const { value } = await states.next();

  expect(value).toMatchObject({ uploadStatus: "failed", job: { status: "failed" } });
  expect(value?.committedAt).toBeGreaterThanOrEqual(before - 1);
  expect((await states.next()).done).toBe(true);
});

test("what is known to wait is waited for, whatever the watcher's patience", async () => {
  const user = await createUser(stack, "watcher");
  const recordingId = await insertRecording(user);
  await sql`
    update public.video_recordings set upload_status = 'completed' where id = ${recordingId}`;
  // Without a task nobody works on it.
  await sql`
    with job as (
      update public.analysis_jobs
      set status = 'queued', error_code = 'quota_exceeded', last_error = 'Tomorrow.'
      where video_recording_id = ${recordingId} returning id
    )
    delete from pipeline.tasks where stage = 'analysis' and subject_id in (select id from job)`;
  const late = setTimeout(() => void failUpload(recordingId), 1_500);
  const seen: string[] = [];

  const states = watchRecording(user.client, recordingId, () => {}, 400);
  for await (const progress of follow(states)) seen.push(told(progress));
  clearTimeout(late);

  expect(seen).toEqual([
    "upload completed",
    "analysis waiting",
    "upload failed",
    "analysis failed",
  ]);
});

test("without a subscription the rows are read again and again", async () => {
  const user = await createUser(stack, "watcher");
  const recordingId = await insertRecording(user);
  const deaf = createClient<Database>(stack.apiUrl, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: UnreachableSocket },
  });
  await deaf.auth.signInWithPassword(user);
  const reasons: string[] = [];
  const seen: string[] = [];

  const states = watchRecording(deaf, recordingId, (reason) => reasons.push(reason));
  for await (const progress of follow(states)) {
    seen.push(told(progress));
    if (seen.length === 1) await failUpload(recordingId);
  }

  expect(seen).toEqual(["upload uploading", "upload failed", "analysis failed"]);
  expect(reasons).toHaveLength(1);
});
