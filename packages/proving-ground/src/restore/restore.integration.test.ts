/**
 * A backup is taken in the middle of work: one recording is being spoken by a worker that is never
 * heard of again, others wait. Restored, the work goes on; nothing is lost or paid twice.
 */
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import {
  type Stack,
  startStack,
  startTemporaryStack,
  temporaryFolder,
} from "@sideline/local-stack";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  addRecording,
  testClip,
  uploadVideo,
} from "../../../../supabase/functions/_shared/testing/recordings.ts";
import {
  createAnonymousClient,
  createServiceClient,
  createUser,
  type TestUser,
} from "../support/create-user.ts";
import { type Rows, readRows, writeRows } from "./rows.ts";

/** Few of the functions are called, so none is started before it is. */
const options = { port: 0, dbPort: 0, providers: "local", prewarm: false } as const;

let folder: string;
let rows: Rows;
let owner: TestUser;
let leaver: TestUser;
let paid: string[];
const objects = new Map<string, Blob>();

const opened = (stack: Pick<Stack, "adminDbUrl">) =>
  postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });

beforeAll(async () => {
  folder = await temporaryFolder();
  const dir = path.join(folder, "stack");
  const stack = await startStack({ ...options, dir, cron: false });
  try {
    const sql = opened(stack);
    owner = await createUser(stack, "owner");
    leaver = await createUser(stack, "leaver");
    await sql`update pipeline.stages set enabled = stage <> 'audio'`;
    await upload(owner, "first");
    const left = async () => (await sql`select from pipeline.tasks where stage <> 'audio'`).length;
    for (const name of ["ai-analyze-video", "ssmlWorker"]) await call(stack, name);
    await vi.waitFor(async () => expect(await left()).toBe(0), 60_000);
    await sql.begin(async (tx) => {
      await tx`update pipeline.stages set enabled = true`;
      expect(await tx`select id from pipeline.claim_audio(2, 1)`).toHaveLength(2);
      // A worker that was woken in the meantime finds nothing to do.
      await tx`update pipeline.stages set enabled = false`;
    });
    await upload(owner, "second");
    await upload(leaver, "left");
    paid = await paidCalls(sql);
    expect(paid.length).toBeGreaterThan(2);
    rows = await readRows(sql);
    const { storage } = createServiceClient(stack);
    for (const { name } of await sql`select name from storage.objects where bucket_id = 'raw'`) {
      objects.set(name, (await storage.from("raw").download(name)).data ?? new Blob());
    }
    await sql.end();
  } finally {
    await stack.stop();
  }
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

async function upload(user: TestUser, name: string): Promise<void> {
  const path = `${user.userId}/${name}.mp4`;
  const { id } = await addRecording(user, "pending", path);
  await uploadVideo(user, path, await testClip("index-last.mp4"));
  const done = { upload_status: "completed", filename: `${name}.mp4` } as const;
  await user.client.from("video_recordings").update(done).eq("id", id).throwOnError();
}

async function call(stack: Stack, name: string): Promise<void> {
  const headers = { apikey: stack.secretKey, "content-type": "application/json" };
  const url = `${stack.apiUrl}/functions/v1/${name}`;
  const response = await fetch(url, { method: "POST", headers, body: "{}" });
  expect(response.status).toBe(200);
  await response.body?.cancel();
}

/** What providers were paid for the recording that was analysed before the backup. */
async function paidCalls(sql: postgres.Sql): Promise<string[]> {
  const calls = await sql<{ id: string }[]>`
    select c.id from pipeline.provider_calls as c
    left join public.analysis_feedback as f on c.stage = 'ssml' and f.id = c.subject_id
    join public.analysis_jobs as j
      on j.id = coalesce(f.analysis_job_id, case c.stage when 'analysis' then c.subject_id end)
    join public.video_recordings as v on v.id = j.video_recording_id
    where v.filename = 'first.mp4' order by c.id`;
  return calls.map(({ id }) => id);
}

/** The work that was under way ends, as if nothing had happened. */
async function goesOn(stack: Stack, sql: postgres.Sql, recordings: number): Promise<void> {
  const { email, password } = owner;
  const client = createAnonymousClient(stack);
  expect((await client.auth.signInWithPassword({ email, password })).error).toBeNull();
  const ended = async () => {
    const jobs = await sql<{ filename: string }[]>`
      select v.filename from public.analysis_jobs as j
      join public.video_recordings as v on v.id = j.video_recording_id
      where j.status = 'completed' and not exists (
        select from public.analysis_feedback as f
        where f.analysis_job_id = j.id and f.audio_status <> 'completed'
      )`;
    return jobs.length;
  };
  await expect.poll(ended, { timeout: 150_000, interval: 500 }).toBe(recordings);
  expect(await paidCalls(sql)).toEqual(paid);
  expect(await sql`select * from pipeline.violations`).toEqual([]);
  const { data } = await client.from("analysis_audio_segments").select("audio_url");
  const heard = await client.storage.from("processed").download(data?.[0]?.audio_url ?? "");
  expect(heard.data?.size).toBeGreaterThan(1000);
}

test("a copy of the folder goes on where it was", { timeout: 300_000 }, async () => {
  const [from, to] = [path.join(folder, "stack"), path.join(folder, "copy")];
  // As it was when the copy was taken, leases and all. The account of Postgres is kept.
  await promisify(execFile)("cp", ["-a", from, to]);
  const stack = await startStack({ ...options, dir: to });
  try {
    const sql = opened(stack);
    await sql`update pipeline.stages set enabled = true`;
    await goesOn(stack, sql, 3);
    await sql.end();
  } finally {
    await stack.stop();
  }
});

test("rows that are put into a new project go on, but for accounts that were closed since", {
  timeout: 300_000,
}, async () => {
  await using stack = await startTemporaryStack(options);
  const sql = opened(stack);
  const { storage } = createServiceClient(stack);
  await writeRows(sql, rows);
  await sql`delete from auth.identities where user_id = ${leaver.userId}`;
  await sql`set session_replication_role = replica`;
  await sql`delete from auth.users where id = ${leaver.userId}`;
  await sql`set session_replication_role = origin`;
  for (const [name, video] of objects) {
    const { error } = await storage.from("raw").upload(name, video, { contentType: "video/mp4" });
    expect(error).toBeNull();
  }
  // As cron may at any moment: the files are other versions than those that were analysed.
  const recognise = () => sql`select pipeline.recognise_replacements()`;
  await recognise();

  const gone = await sql<{ name: string }[]>`select name from pipeline.settle_restored()`;
  expect(gone.map(({ name }) => name)).toContain("public.video_recordings");
  await sql`update pipeline.stages set enabled = true`;
  await recognise();

  await goesOn(stack, sql, 2);
  const theirs = `${leaver.userId}/%`;
  const left = async () =>
    (await sql`select from storage.objects where name like ${theirs}`).length;
  await expect.poll(left, { timeout: 30_000 }).toBe(0);
  // Numbers go on after those of the backup.
  await upload({ ...owner, client: await signedIn(stack) }, "third");
  await sql.end();
});

async function signedIn(stack: Stack): Promise<TestUser["client"]> {
  const client = createAnonymousClient(stack);
  const { email, password } = owner;
  const { error } = await client.auth.signInWithPassword({ email, password });
  if (error) throw error;
  return client;
}
