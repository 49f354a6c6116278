/**
 * Deletions, on a stack of its own whose publication tells them, as a new project's does: the
 * migrations leave them out, since every subscriber of a table is told.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnRealtime, startOwnRealtime } from "./own-realtime.ts";
import { follow, type TestRealtime } from "./test-realtime.ts";

let own: OwnRealtime;
let place: TestRealtime;
let sql: TestRealtime["sql"];

beforeAll(async () => {
  own = await startOwnRealtime();
  place = own.place;
  sql = place.sql;
  await sql`alter publication supabase_realtime set (publish = 'insert, update, delete')`;
});
afterAll(() => own?.close());

test("changes of each type come in the order of their commits, and only those asked for", async () => {
  const table = await place.table("name text");
  const client = place.service();
  const all = await follow(client, { table });
  const updates = await follow(client, { table, event: "UPDATE" });

  await sql`insert into ${sql(table)} (name) values ('one')`;
  await sql`update ${sql(table)} set name = 'two'`;
  await sql`delete from ${sql(table)}`;
  await sql`insert into ${sql(table)} (name) values ('three')`;
  await sql`update ${sql(table)} set name = 'four'`;

  for (const expected of [
    { eventType: "INSERT", new: { id: 1, name: "one" }, old: {} },
    { eventType: "UPDATE", new: { id: 1, name: "two" }, old: { id: 1 } },
    { eventType: "DELETE", new: {}, old: { id: 1 } },
    { eventType: "INSERT", new: { id: 2, name: "three" }, old: {} },
    { eventType: "UPDATE", new: { id: 2, name: "four" }, old: { id: 2 } },
  ]) {
    expect(await all.changes.next()).toMatchObject({ ...expected, schema: "public", table });
  }
  expect(await updates.changes.next()).toMatchObject({ new: { id: 1, name: "two" } });
  expect(await updates.changes.next()).toMatchObject({ new: { id: 2, name: "four" } });
});

test("the whole old row is shown where the table is set so", async () => {
  const table = await place.table("name text, size int");
  await sql`alter table ${sql(table)} replica identity full`;
  const { changes } = await follow(place.service(), { table, filter: "name=eq.one" });

  await sql`insert into ${sql(table)} values (1, 'one', 5)`;
  await sql`update ${sql(table)} set size = 6`;
  await sql`delete from ${sql(table)}`;

  await changes.next();
  expect((await changes.next()).old).toEqual({ id: 1, name: "one", size: 5 });
  expect(await changes.next()).toMatchObject({
    eventType: "DELETE",
    old: { id: 1, name: "one", size: 6 },
  });
});

test("row level security: the primary key alone is shown, whatever the replica identity", async () => {
  const table = await place.table("owner uuid, body text, secret text");
  const [alice, bob] = [randomUUID(), randomUUID()];
  await sql.unsafe(`
    alter table ${table} enable row level security;
    alter table ${table} replica identity full;
    create policy "owners read" on ${table} for select to authenticated
      using (owner = (select auth.uid()));
    grant select (id, owner, body) on ${table} to authenticated;`);
  const ofBob = await follow(await place.user(bob), { table, event: "DELETE" });

  await sql`insert into ${sql(table)} (owner, body) values (${alice}, 'hers')`;
  await sql`delete from ${sql(table)}`;

  expect((await ofBob.changes.next()).old).toEqual({ id: 1 });
});

test("a deleted row passes a filter on its key only", async () => {
  const table = await place.table("t text");
  const client = place.service();
  const [byKey, byName, all] = [
    await follow(client, { table, event: "DELETE", filter: "id=eq.10" }),
    await follow(client, { table, event: "DELETE", filter: "t=eq.ten" }),
    await follow(client, { table, event: "DELETE" }),
  ];

  await sql`insert into ${sql(table)} (id, t) values (10, 'ten'), (11, 'eleven')`;
  await sql`delete from ${sql(table)} where id >= 10`;

  await all.changes.until(({ old }) => old.id === 11);
  expect((await byKey.changes.next()).old).toEqual({ id: 10 });
  expect(byKey.changes.all).toHaveLength(1);
  expect(byName.changes.all).toEqual([]);
});
