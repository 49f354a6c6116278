/** Who leaves while others are told takes no word from them. */
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";

let database: ClonedDatabase;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
});
afterAll(() => database?.drop());

test("a contact that is being deleted is passed over", async () => {
  const cron = database.sql("postgres");
  const leaver = database.sql("postgres");
  await database.sql("admin")`
    insert into auth.users (id, email, raw_app_meta_data)
    select gen_random_uuid(), i || '@leaving.test', '{"role": "operator"}'
    from generate_series(1, 2) as i`;
  await cron`
    insert into public.contacts (user_id, contact_type, address, topics)
    select u.id, 'webhook', 'https://example.com/' || u.email, '{alerts}'
    from auth.users as u where u.email like '%@leaving.test'`;
  await leaver`begin`;
  await leaver`delete from public.contacts where address like '%/1@leaving.test'`;

  await cron`set statement_timeout = '5s'`;
  const told = await cron`
    select pipeline.post_message('alerts', 'leaving', 'normal', 'Subject', 'Text', '{}') as messages`;
  await leaver`commit`;

  expect(told).toEqual([{ messages: 1 }]);
});

test("whom to tell is found among many, whatever they want to hear", async () => {
  const admin = database.sql("admin");
  const ids = await admin`
    with people as (
      insert into auth.users (id, email, email_confirmed_at)
      select gen_random_uuid(), i || '@many.test', now() from generate_series(1, 5000) as i
      returning id, email
    )
    insert into public.contacts (user_id, contact_type, address, topics)
    select p.id, 'webhook', 'https://example.com/' || p.email, '{feedback_ready}' from people as p
    returning user_id`;
  await admin`analyze public.contacts`;
  const cron = database.sql("postgres");

  await cron`begin`;
  await cron`
    select pipeline.post_message('alerts', 'many ' || i, 'normal', 'Subject', 'Text', '{}')
    from generate_series(1, 10) as i`;
  await cron`
    select pipeline.post_message('feedback_ready', 'many', 'normal', 'Subject', 'Text', '{}', u)
    from unnest(${ids.slice(0, 10).map(({ user_id }) => user_id)}::uuid[]) as u`;
  const [read] = await cron`
    select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables
    where relid = 'public.contacts'::regclass`;
  await cron`rollback`;

  expect(read?.rows).toBeLessThan(500);
});
