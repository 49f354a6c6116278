/**
 * Whatever becomes of one owner's items, the next owner is served in a bounded number of calls. Time
 * is moved by hand, and the rows are asked, so that no machine is too slow for it.
 */
import type postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { addOwner, awaitUploads, type Owner, queueItems } from "../support/queue-items.ts";

interface Lease {
  id: string;
  lease_token: string;
  user_id: string;
  alone: boolean;
}

let database: ClonedDatabase;
let admin: postgres.Sql;
let troubled: Owner;
let bystander: Owner;
let now = 0;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  admin = database.sql("admin");
});

beforeEach(async () => {
  await secondsPass(3_600);
  await admin`delete from public.analysis_feedback`;
  await admin`update pipeline.provider_limits set refused_users = '{}', failing_users = '{}'`;
  troubled = await addOwner(admin);
  bystander = await addOwner(admin);
});

afterAll(() => database?.drop());

test("beside ten thousand awaited uploads an upload is found at the second look", async () => {
  await awaitUploads(admin, troubled, 10_000);
  for (let second = 0; second < 3; second += 1) {
    await recognise();
    await secondsPass(1);
  }
  await awaitUploads(admin, bystander, 1);
  await admin`
    insert into storage.objects (bucket_id, name)
    select 'raw', storage_path from public.video_recordings
    where user_id = ${bystander.userId} and upload_status = 'pending'`;

  const looks = await callsUntil(recognise, async () => {
    const [row] = await admin<{ waits: number }[]>`
      select count(*)::int as waits from public.video_recordings
      where user_id = ${bystander.userId} and upload_status = 'pending'`;
    return row?.waits === 0;
  });

  expect(looks).toBeLessThanOrEqual(2);
  await admin`delete from public.video_recordings where user_id = ${troubled.userId}`;
});

test("a provider that refuses one owner again and again serves the other", async () => {
  await queueItems(admin, "ssml", troubled, 30);
  for (let round = 0; round < 5; round += 1) {
    for (const { id, lease_token } of await claim(8)) {
      await admin`
        select pipeline.defer('ssml', ${id}, ${lease_token}, 'provider_rate_limited', 'Later.', 60)`;
    }
    await secondsPass(61);
  }
  await queueItems(admin, "ssml", bystander, 1);

  expect(ownersOf(await claim(8))).toContain(bystander.userId);
  expect(await admin`select from pipeline.provider_limits where not_before is not null`).toEqual(
    [],
  );
});

test("a provider that is away for one owner's items only serves the other", async () => {
  await queueItems(admin, "ssml", troubled, 30);
  for (const { id, lease_token } of await claim(30)) {
    await admin`
      select pipeline.fail('ssml', ${id}, ${lease_token}, 'provider_unavailable', 'Gone.', true)`;
  }
  await queueItems(admin, "ssml", bystander, 1);

  expect(ownersOf(await claim(8))).toContain(bystander.userId);
  expect(await admin`select from pipeline.provider_limits where open_until is not null`).toEqual(
    [],
  );
});

test("an item that ends every worker takes those of others along once", async () => {
  await queueItems(admin, "ssml", troubled, 1);
  await queueItems(admin, "ssml", bystander, 8);
  let served = 0;
  let taken = 0;
  for (let round = 0; round < 30; round += 1) {
    const leases = await claim(8);
    if (ownersOf(leases).includes(troubled.userId)) {
      taken += leases.length > 1 ? 1 : 0;
      await secondsPass(61);
      continue;
    }
    for (const { id, lease_token } of leases) {
      await admin`select pipeline.fail('ssml', ${id}, ${lease_token}, 'reply_invalid', 'No.', false)`;
      served += 1;
    }
  }

  expect({ served, taken }).toEqual({ served: 8, taken: 1 });
  const ends = await admin<{ ssml_error_code: string; items: number }[]>`
    select f.ssml_error_code, count(*)::int as items from public.analysis_feedback as f
    where f.user_id in (${troubled.userId}, ${bystander.userId}) group by 1 order by 1`;
  expect(ends).toEqual([
    { ssml_error_code: "lease_expired", items: 1 },
    { ssml_error_code: "reply_invalid", items: 8 },
  ]);
  expect(await admin`select * from pipeline.violations`).toEqual([]);
});

async function secondsPass(seconds: number): Promise<void> {
  now += seconds;
  const time = new Date(Date.UTC(2030, 0, 1) + now * 1_000).toISOString();
  await admin`select set_config('pipeline.now', ${time}, false)`;
}

async function recognise(): Promise<void> {
  await admin`select pipeline.recognise_uploads()`;
}

async function claim(batchSize: number): Promise<Lease[]> {
  return await admin<Lease[]>`
    select id, lease_token, user_id, alone from pipeline.claim_ssml(${batchSize}::int, 60)`;
}

async function callsUntil(
  call: () => Promise<void>,
  isDone: () => Promise<boolean>,
): Promise<number> {
  for (let calls = 1; calls <= 100; calls += 1) {
    await call();
    if (await isDone()) return calls;
  }
  return Number.POSITIVE_INFINITY;
}

const ownersOf = (leases: readonly Lease[]) => leases.map(({ user_id }) => user_id);
