/**
 * Deletions and interruptions, on a stack of its own: they would disturb every other test. Its
 * publication tells deletions, as a new project's does: the migrations leave them out, since every
 * subscriber of a table is told.
 */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { WebSocketLikeConstructor } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTemporaryStack, type TemporaryStack } from "../temporary-stack.ts";
import { follow, openTestRealtime, type TestRealtime } from "./test-realtime.ts";

let own: TemporaryStack;
let place: TestRealtime;
let sql: TestRealtime["sql"];

beforeAll(async () => {
  const options = { cron: false, prewarm: false, providers: "environment" } as const;
  own = await startTemporaryStack(options);
  place = openTestRealtime(own);
  sql = place.sql;
  await sql`alter publication supabase_realtime set (publish = 'insert, update, delete')`;
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await own?.stop();
});

/** A client whose socket the test can take hold of. */
class HeldSocket extends WebSocket {
  static last: HeldSocket | undefined;

  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    HeldSocket.last = this;
  }
}

// The client's types differ from those of ws in what events may be.
const transport = HeldSocket as unknown as WebSocketLikeConstructor;

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

test("subscribers outlive a crash of Postgres, and are told that there was a gap", async () => {
  const table = await place.table("n int");
  const listener = await follow(place.service(), { table });

  // Killing any process of the server makes it start over all of them.
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  process.kill(backend?.pid ?? 0, "SIGKILL");
  expect(await listener.system.next()).toMatchObject({
    extension: "postgres_changes",
    status: "ok",
    message: "Subscribed to PostgreSQL",
  });
  await sql`insert into ${sql(table)} (n) values (1)`.catch(
    // The pool finds its connections dead by using them.
    () => sql`insert into ${sql(table)} (n) values (1)`,
  );

  expect((await listener.changes.next()).new.n).toBe(1);
  expect(listener.statuses.all.map(({ status }) => status)).toEqual(["SUBSCRIBED"]);
});

test("subscribers outlive an orderly restart, which does not have to wait for the stream", async () => {
  const table = await place.table("n int");
  const listener = await follow(place.service(), { table });

  // The stack starts the server again by itself.
  const lock = path.join(own.dir, "postgres/cluster/postmaster.pid");
  const [postmaster] = (await readFile(lock, "utf8")).split("\n");
  process.kill(Number(postmaster), "SIGINT");

  expect((await listener.system.next()).status).toBe("ok");
});

test("a socket that is cut is opened again by the client, and joined again", async () => {
  const table = await place.table("n int");
  const client = place.service({ transport });
  const listener = await follow(client, { table });

  HeldSocket.last?.terminate();
  await listener.statuses.until(({ status }) => status === "CHANNEL_ERROR");
  await sql`insert into ${sql(table)} (n) values (1)`;
  await listener.system.until(({ status }) => status === "ok");
  // What was missed is read; what comes from now on is told.
  const { data } = await client.from(table).select("n");
  await sql`insert into ${sql(table)} (n) values (2)`;

  expect(data).toEqual([{ n: 1 }]);
  expect((await listener.changes.next()).new.n).toBe(2);
});

test("a subscriber that does not read is closed, with a reason, and others go on", async () => {
  const table = await place.table("body text");
  const slow = await follow(place.service({ transport }), { table });
  const held = HeldSocket.last;
  if (held === undefined) throw new Error("There is no socket.");
  const closed = new Promise<[number, string]>((resolve) => {
    held.on("close", (code, reason) => resolve([code, String(reason)]));
  });
  const quick = await follow(place.service(), { table });

  held.pause();
  // More than the limit and all that sockets buffer on their way.
  await sql`
    insert into ${sql(table)} (body)
    select repeat(md5(n::text), 10000) from generate_series(1, 100) as n`;
  await quick.changes.until(({ new: row }) => row.id === 100);
  held.resume();

  expect(await closed).toEqual([1013, "Too slow: more than 8 MiB of messages are waiting"]);
  expect(slow.changes.all.length).toBeLessThan(100);
  expect(quick.changes.all).toHaveLength(100);
});

test("a publication that is dropped and made anew is followed again", async () => {
  const table = await place.table("n int");
  const published = await sql<{ tablename: string }[]>`
    select tablename from pg_publication_tables where pubname = 'supabase_realtime'`;
  const listener = await follow(place.service(), { table });

  await sql.unsafe("drop publication supabase_realtime");
  // The stream breaks at the first change, and begins again without the publication.
  await sql`insert into ${sql(table)} (n) values (1)`;
  expect((await listener.system.next()).status).toBe("error");
  const tables = published.map(({ tablename }) => tablename).join();
  await sql.unsafe(`create publication supabase_realtime for table ${tables}`);
  const later = await follow(place.service(), { table });
  await listener.system.until(({ status }) => status === "ok");
  await sql`insert into ${sql(table)} (n) values (2)`;

  expect((await later.changes.next()).new.n).toBe(2);
  expect((await listener.changes.next()).new.n).toBe(2);
  expect(listener.statuses.all.map(({ status }) => status)).toEqual(["SUBSCRIBED"]);
});

test("nothing is kept back for the stream, and nothing of it stays when it ends", async () => {
  const table = await place.table("n int, body text");
  const { changes } = await follow(place.service(), { table });
  const slots = () => sql<{ temporary: boolean; behind: number }[]>`
    select temporary, (pg_current_wal_lsn() - confirmed_flush_lsn)::float8 as behind
    from pg_replication_slots`;

  await sql`
    insert into ${sql(table)} (n, body)
    select n, repeat(md5(n::text), 60) from generate_series(1, 1000) as n`;
  await changes.until(({ new: row }) => row.n === 1000);
  await expect
    .poll(async () => (await slots())[0]?.behind, { timeout: 10_000 })
    .toBeLessThan(1_000_000);
  expect(await slots()).toMatchObject([{ temporary: true }]);
});
