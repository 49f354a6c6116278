/**
 * An account is deleted with all that it gathered: rows and objects go, whatever happens to the
 * worker that erases them, and nothing of anybody else's is touched.
 */
import type { ChildProcess } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { startTemporaryStack, type TemporaryStack } from "@sideline/local-stack";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServiceClient, createUser, type TestUser } from "../support/create-user.ts";
import { liveFor } from "./lives.ts";
import { type Step, startTripwire, steps, type Tripwire } from "./tripwire.ts";

/** A worker claims 25 objects, of which a recording has nine; each of its five deaths loses as many. */
const recordings = { leaver: 14, stayer: 2 };

let wire: Tripwire;
let stack: TemporaryStack;
let sql: postgres.Sql;
let leaver: TestUser;
let stayer: TestUser;
const workers = new Set<ChildProcess>();

beforeAll(async () => {
  wire = await startTripwire();
  stack = await startTemporaryStack({
    cron: false,
    prewarm: false,
    providers: "local",
    functionsEnv: { SUPABASE_URL: wire.gate.url },
    onFunctionProcess(name, child) {
      if (name !== "eraseWorker") return;
      workers.add(child);
      child.once("exit", () => workers.delete(child));
    },
  });
  wire.gate.target = stack.apiUrl;
  sql = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
  // What is ready is analysed by nobody here; a vanished worker's items come back soon.
  await sql`update pipeline.stages set lease_seconds = 1 where stage = 'erase'`;
  leaver = await createUser(stack, "leaver");
  stayer = await createUser(stack, "stayer");
  const service = createServiceClient(stack);
  await liveFor(sql, service, leaver.userId, recordings.leaver);
  await liveFor(sql, service, stayer.userId, recordings.stayer);
  await sql`
    update public.analysis_audio_segments
    set audio_url = (
      select audio_url from public.analysis_audio_segments where audio_url like ${`${leaver.userId}%`}
      order by id limit 1
    )
    where id = (
      select id from public.analysis_audio_segments where audio_url like ${`${stayer.userId}%`}
      order by id limit 1
    )`;
}, 120_000);

afterAll(async () => {
  await sql?.end();
  await stack?.stop();
  await wire?.gate.stop();
});

test("all that one user gathered goes, past every death of the worker, and nothing of another's", async () => {
  const { storage } = leaver.client;
  const video = `${leaver.userId}/1.mp4`;
  const link = await storage.from("raw").createSignedUrl(video, 3600);
  const uploadLink = await storage.from("raw").createSignedUploadUrl(`${leaver.userId}/late.mp4`);
  expect((await fetch(link.data?.signedUrl ?? "")).status).toBe(200);
  const before = await everythingOf(stayer);
  const shared = (await objectsOf(leaver)).filter((name) => before.named.includes(name));
  expect(shared).toHaveLength(1);
  expect(await objectsOf(leaver)).toHaveLength(recordings.leaver * 9);

  const { error } = await createServiceClient(stack).auth.admin.deleteUser(leaver.userId);
  expect(error).toBeNull();

  for (const step of Object.keys(steps) as Step[]) {
    await drain(step);
    expect(await sql`select * from pipeline.violations`, step).toEqual([]);
  }
  await expect.poll(() => drain(), { timeout: 60_000, interval: 300 }).toBe(0);

  expect(await objectsOf(leaver)).toEqual(shared);
  expect(await everythingOf(stayer)).toEqual(before);
  expect(await sql`select * from pipeline.violations`).toEqual([]);
  expect((await fetch(link.data?.signedUrl ?? "")).ok).toBe(false);

  // Its token is valid for another hour, and so is a link for an upload.
  const upload = await storage.from("raw").upload(`${leaver.userId}/a.mp4`, clip());
  expect(upload.error).not.toBeNull();
  expect(
    (await storage.from("raw").createSignedUploadUrl(`${leaver.userId}/b.mp4`)).data,
  ).toBeNull();
  const { token = "", path: latePath = "" } = uploadLink.data ?? {};
  await storage.from("raw").uploadToSignedUrl(latePath, token, clip());
  expect(await objectsOf(leaver)).toHaveLength(2);
  await sql`select pipeline.tidy_erasures()`;
  await expect.poll(() => drain(), { timeout: 20_000 }).toBe(0);
  expect(await objectsOf(leaver)).toEqual(shared);

  // The last row that names what both had.
  const ownObjects = await objectsOf(stayer);
  await stayer.client.from("video_recordings").delete().gt("id", 0).throwOnError();
  await expect.poll(() => drain(), { timeout: 20_000 }).toBe(0);
  expect(await objectsOf(leaver)).toEqual([]);
  expect(await objectsOf(stayer)).toEqual([]);
  expect(await filesOnDisk()).toBe(0);
  const told = () => sql<{ path: string }[]>`
    select distinct path from public.storage_operations
    where path = any(${ownObjects}) and user_id = ${stayer.userId} and operation = 'delete'
      and outcome = 'done' order by path`;
  await expect.poll(async () => (await told()).map(({ path }) => path)).toEqual(ownObjects);

  // What is remembered of it goes after a day.
  await sql.begin(async (tx) => {
    await tx`select set_config('pipeline.now', (now() + interval '25 hours')::text, true)`;
    await tx`select pipeline.tidy_erasures()`;
  });
  expect(await tablesWith(leaver)).toEqual([]);
}, 180_000);

/** Calls the worker; with a step it dies there. @returns what is left to be erased */
async function drain(step?: Step): Promise<number> {
  const kill = () => {
    for (const worker of workers) worker.kill("SIGKILL");
  };
  const died = step && wire.arm(step, kill);
  const answer = fetch(`${stack.apiUrl}/functions/v1/eraseWorker`, {
    method: "POST",
    headers: { apikey: stack.secretKey, "content-type": "application/json" },
    body: "{}",
  }).then((response) => response.body?.cancel());
  await Promise.all([answer, died]);
  wire.mend();
  const [left] = await sql<{ count: number }[]>`
    select count(*)::int as count from pipeline.erasures where status <> 'completed'`;
  return left?.count ?? 0;
}

async function objectsOf({ userId }: TestUser): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select name from storage.objects where name like ${`${userId}/%`} order by name`;
  return rows.map(({ name }) => name);
}

async function everythingOf(user: TestUser) {
  const rows = await sql<{ row: unknown; paths: string[] }[]>`
    select to_jsonb(v) || to_jsonb(j) || to_jsonb(f) || to_jsonb(s) as row,
      array[v.storage_path, s.audio_url, s.captions_url] as paths
    from public.video_recordings as v
    join public.analysis_jobs as j on j.video_recording_id = v.id
    join public.analysis_feedback as f on f.analysis_job_id = j.id
    join public.analysis_audio_segments as s on s.feedback_id = f.id
    where v.user_id = ${user.userId} order by s.id`;
  const named = [...new Set(rows.flatMap(({ paths }) => paths))].sort();
  const found = await sql<{ name: string; version: string }[]>`
    select name, version from storage.objects where name = any(${named}) order by name`;
  return { rows: rows.map(({ row }) => row), named, stored: [...found] };
}

async function filesOnDisk(): Promise<number> {
  const entries = await readdir(path.join(stack.dir, "storage", "objects"), {
    recursive: true,
    withFileTypes: true,
  });
  return entries.filter((entry) => entry.isFile()).length;
}

/** Every table that has a row with this user's id, whatever the column is called. */
async function tablesWith({ userId }: TestUser): Promise<string[]> {
  const columns = await sql<{ schema: string; table: string; column: string }[]>`
    select n.nspname as schema, c.relname as table, a.attname as column
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p')
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('public', 'pipeline') and a.atttypid = 'uuid'::regtype and a.attnum > 0`;
  const found: string[] = [];
  for (const { schema, table, column } of columns) {
    const rows = await sql`
      select from ${sql(schema)}.${sql(table)} where ${sql(column)} = ${userId} limit 1`;
    if (rows.length > 0) found.push(`${schema}.${table}`);
  }
  return found;
}

function clip(): Blob {
  return new Blob([new Uint8Array(64)], { type: "video/mp4" });
}
