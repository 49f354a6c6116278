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
