/**
 * Rows that name an object, and stage `erase` that removes it, over connections of their own: what
 * a row names is there, and what is removed no row names.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";

const users = [randomUUID(), randomUUID()] as const;
const path = `${users[0]}/shared.wav`;

let database: ClonedDatabase;
let namer: pg.Client;
let other: pg.Client;
let eraser: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  [namer, other, eraser] = await Promise.all([
    database.client("admin"),
    database.client("admin"),
    database.client("admin"),
  ]);
  await namer.query(
    `insert into auth.users (id, email) select u, u || '@test.test' from unnest($1::uuid[]) as u`,
    [users],
  );
  await namer.query(
    `with v as (
       insert into public.video_recordings (user_id, filename, storage_path)
       select u, 'a.mp4', u || '/a.mp4' from unnest($1::uuid[]) as u returning id, user_id
     ), j as (
       insert into public.analysis_jobs (video_recording_id, user_id, status, coach)
       select id, user_id, 'completed', '{}' from v returning id, user_id
     ), f as (
       insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
         category, severity, confidence, message, ssml_status, audio_status)
       select id, user_id, 1, 2, 'pace', 'low', 0.5, 'Hello', 'completed', 'completed' from j
       returning id
     )
     insert into public.analysis_ssml_segments (feedback_id, ssml)
     select id, '<speak>Hello</speak>' from f`,
    [users],
  );
});
afterAll(() => database.drop());

/** An object in Storage that nobody names, and that was asked to be erased. */
beforeEach(async () => {
  await namer.query("delete from public.analysis_audio_segments; delete from pipeline.erasures");
  await store();
  await namer.query("select pipeline.ask_erasure('{processed}', array[$1], 'row_deleted')", [path]);
});

async function store(): Promise<void> {
  await namer.query(
    `insert into storage.objects (bucket_id, name, created_at, updated_at)
     values ('processed', $1, '2020-01-01', '2020-01-01') on conflict do nothing`,
    [path],
  );
}

/** A row of the one owner, or of the other, names it. */
const name = (client: pg.Client, owner: string = users[1]) =>
  client.query(
    `insert into public.analysis_audio_segments
       (feedback_id, audio_url, format, duration_ms, provider)
     select id, $2, 'wav', 900, 'sample' from public.analysis_feedback where user_id = $1`,
    [owner, path],
  );
const unname = (client: pg.Client, owner: string) =>
  client.query(
    `delete from public.analysis_audio_segments where feedback_id in (
       select id from public.analysis_feedback where user_id = $1)`,
    [owner],
  );
const claim = async (client: pg.Client = eraser) =>
  (await client.query("select id::int, lease_token from pipeline.claim_erase()")).rows;
const named = async () =>
  (await namer.query("select from public.analysis_audio_segments where audio_url = $1", [path]))
    .rowCount;
const due = () => eraser.query("update pipeline.tasks set available_at = now(), turn = 0");

/** Until the connection waits for another's lock. */
async function waits(client: pg.Client): Promise<void> {
  const { processID } = client as pg.Client & { processID: number };
  const isBlocked = async () =>
    (await other.query("select from unnest(pg_blocking_pids($1))", [processID])).rowCount ?? 0;
  while ((await isBlocked()) === 0) await sleep(5);
}

test("while a row is being named after it, the object is not taken", async () => {
  await namer.query("begin");
  await name(namer);
  expect(await claim()).toEqual([]);
  await namer.query("commit");
  await due();
  expect(await claim()).toEqual([]);
  expect((await eraser.query("select from pipeline.erasures")).rowCount).toBe(0);
});

test("once that is rolled back, it is", async () => {
  await namer.query("begin");
  await name(namer);
  expect(await claim()).toEqual([]);
  await namer.query("rollback");
  await due();
  expect(await claim()).toHaveLength(1);
});

test("who names it while it is being claimed waits, and is refused", async () => {
  await eraser.query("begin");
  expect(await claim()).toHaveLength(1);
  const naming = name(namer).then(
    () => "named",
    (error: { code?: string }) => error.code,
  );
  await waits(namer);
  await eraser.query("commit");
  expect(await naming).toBe("PT409");
  expect(await named()).toBe(0);
});

test("or gets the name, where the claim came to nothing", async () => {
  await eraser.query("begin");
  expect(await claim()).toHaveLength(1);
  const naming = name(namer);
  await waits(namer);
  await eraser.query("rollback");
  await naming;
  expect(await claim()).toEqual([]);
  expect(await named()).toBe(1);
});

test("a row's last name goes while another owner's row gets it", async () => {
  await namer.query("delete from pipeline.erasures");
  await name(namer, users[0]);
  await other.query("begin");
  await name(other);
  await unname(namer, users[0]);
  expect(await claim()).toEqual([]);
  await other.query("commit");
  await due();
  expect(await claim()).toEqual([]);
  expect(await named()).toBe(1);
});

test("at random, no row is left that names what was removed", { timeout: 120_000 }, async () => {
  await eraser.query("set storage.allow_delete_query = 'true'");
  const removed = new Set<number>();
  let refused = 0;
  const writes = async (client: pg.Client, owner: string): Promise<void> => {
    for (let round = 0; round < 150; round++) {
      if (round % 2 === 0) {
        await name(client, owner).catch(async (error: { code?: string }) => {
          if (error.code !== "PT409") throw error;
          refused++;
          // As the error's hint says.
          await store();
        });
      } else await unname(client, owner);
    }
  };
  const writers = Promise.all([writes(namer, users[0]), writes(other, users[1])]);
  let done = false;
  void writers.finally(() => {
    done = true;
  });
  while (!done) {
    await due();
    for (const { id, lease_token } of await claim()) {
      const { rowCount } = await eraser.query(
        "select from public.analysis_audio_segments where audio_url = $1",
        [path],
      );
      expect(rowCount).toBe(0);
      await eraser.query("delete from storage.objects where name = $1", [path]);
      removed.add(id);
      await eraser.query("select pipeline.complete_erase($1)", [
        JSON.stringify([{ id, lease_token }]),
      ]);
    }
  }
  await writers;
  expect(removed.size + refused).toBeGreaterThan(0);
  const { rows } = await namer.query(
    `select s.id from public.analysis_audio_segments as s where s.audio_url = $1
     and not exists (select from storage.objects as o where o.name = s.audio_url)`,
    [path],
  );
  expect(rows).toEqual([]);
  expect(
    (await namer.query("select * from pipeline.violations where stage = 'erase'")).rows,
  ).toEqual([]);
});
