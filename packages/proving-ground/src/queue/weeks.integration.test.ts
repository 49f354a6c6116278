/** Weeks of the records are made and dropped beside those who read and write them. */
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";

let database: ClonedDatabase;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
});
afterAll(() => database?.drop());

test("whoever reads is not waited for, and what is written meanwhile is kept", async () => {
  const cron = database.sql("postgres");
  const reader = database.sql("postgres");
  const worker = database.sql("postgres");
  const weeks = async () =>
    (
      await cron<{ name: string }[]>`
        select c.relname as name from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
        where i.inhparent = 'public.processing_timeline'::regclass order by 1`
    ).map(({ name }) => name.replace("processing_timeline_", ""));
  const tell = (at: string) => worker`
    insert into public.processing_timeline
      (user_id, stage, subject_id, attempt, started_at, ended_at, outcome)
    values (gen_random_uuid(), 'audio', 1, 1, ${at}, ${at}, 'completed')`;
  const rows = async () =>
    (await cron`select from public.processing_timeline where started_at >= '2040-01-01'`).length;

  await cron`set pipeline.now = '2040-01-04 00:00Z'`;
  await tell("2040-01-04 00:00Z");
  const before = await weeks();
  await reader`begin`;
  await reader`select from public.processing_timeline`;
  const isHeld = async () =>
    (await cron`select pipeline.is_held('public.processing_timeline') as held`)[0]?.held;
  await expect.poll(isHeld).toBe(true);
  const pruned = cron`select pipeline.enforce_data_retention()`.execute();
  await tell("2040-01-04 00:00:01Z");
  await pruned;
  expect(await weeks()).toEqual(before);

  await reader`commit`;
  await cron`select pipeline.enforce_data_retention()`;
  const after = await weeks();
  expect(after.filter((week) => !before.includes(week))).toEqual([
    "20400102",
    "20400109",
    "20400116",
  ]);
  expect(before.filter((week) => !after.includes(week))).toHaveLength(1);
  expect(await rows()).toBe(2);
});

test("of two calls at once one does it all, and the other leaves it to that", async () => {
  const cron = database.sql("postgres");
  const operator = database.sql("postgres");
  await cron`begin`;
  await cron`set local pipeline.now = '2045-01-04 00:00Z'`;
  await cron`select pipeline.enforce_data_retention()`;

  await operator`set statement_timeout = '5s'`;
  await operator`begin`;
  await operator`set local pipeline.now = '2045-01-04 00:00Z'`;
  expect(await operator`select pipeline.enforce_data_retention()`).toEqual([]);

  await operator`rollback`;
  await cron`rollback`;
});
