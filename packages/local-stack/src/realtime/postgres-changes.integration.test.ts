import { afterAll, describe, expect, inject, test } from "vitest";
import { follow, openTestRealtime, subscribe } from "./test-realtime.ts";

const place = openTestRealtime(inject("stack"));
const { sql } = place;
afterAll(() => place[Symbol.asyncDispose]());

describe("changes", () => {
  test("carry values as the Data API returns them", async () => {
    const table = await place.table(`
      small int2, big int8, exact numeric, real_number float8, flag boolean, moment timestamptz,
      day date, words text[], numbers int[], document jsonb, bytes bytea, other uuid, nothing text`);
    const client = place.service();
    const { changes } = await follow(client, { table });

    await sql`
      insert into ${sql(table)} values (
        7, 1, 9007199254740991, 12.50, 0.1, true, '2026-11-20 12:00:00.5+02', '2026-02-28',
        array['a', 'b "c", d', null], array[1, 2], '{"a": [1, {"b": null}]}', '\\xdead',
        '8b7df143-d91c-4b2a-9a1e-0f2f2f2f2f2f', null)`;
    const { data } = await client.from(table).select("*").single();

    expect((await changes.next()).new).toEqual(data);
  });

  test("that are large: what an update leaves untouched is left out, too much is not shown", async () => {
    const table = await place.table("label text, body text");
    await sql`alter table ${sql(table)} alter column body set storage external`;
    const { changes } = await follow(place.service(), { table });

    await sql`insert into ${sql(table)} values (1, 'a', repeat('x', 100000))`;
    await sql`update ${sql(table)} set label = 'b'`;
    await sql`update ${sql(table)} set body = repeat('y', 2000000)`;

    expect((await changes.next()).new.body).toHaveLength(100_000);
    expect((await changes.next()).new).toEqual({ id: 1, label: "b" });
    expect(await changes.next()).toMatchObject({
      new: { id: 1, label: "b" },
      errors: ["Error 413: Payload Too Large"],
    });
  });

  test("of 10,000 rows in one transaction all come, in order", async () => {
    const table = await place.table("n int");
    const { changes } = await follow(place.service(), { table });

    await sql`insert into ${sql(table)} (n) select generate_series(1, 10000)`;

    await changes.until(({ new: row }) => row.n === 10_000);
    const numbers = changes.all.map(({ new: row }) => row.n);
    expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
  });
});

describe("schema changes while subscribed", () => {
  test("a column's type and a table's publication may change", async () => {
    const table = await place.table("n int");
    const { changes } = await follow(place.service(), { table, filter: "n=gt.1" });

    await sql`insert into ${sql(table)} (n) values (5)`;
    await sql`alter table ${sql(table)} alter column n type text`;
    await sql`insert into ${sql(table)} (n) values ('6')`;
    await sql`alter publication supabase_realtime drop table ${sql(table)}`;
    await sql`insert into ${sql(table)} (n) values ('7')`;
    await sql`alter publication supabase_realtime add table ${sql(table)}`;
    await sql`insert into ${sql(table)} (n) values ('8')`;

    expect((await changes.next()).new.n).toBe(5);
    expect((await changes.next()).new.n).toBe("6");
    expect((await changes.next()).new.n).toBe("8");
  });

  test("a table that is dropped takes nothing else with it", async () => {
    const [doomed, other] = [await place.table("n int"), await place.table("n int")];
    const { changes } = await follow(place.service(), { table: doomed }, { table: other });

    await sql.begin(async (tx) => {
      await tx`insert into ${tx(doomed)} (n) values (1)`;
      await tx`drop table ${tx(doomed)}`;
    });
    await sql`insert into ${sql(other)} (n) values (2)`;

    expect((await changes.until(({ table }) => table === other)).new.n).toBe(2);
  });

  test("a table without a primary key says so", async () => {
    const table = await place.table("n int");
    await sql.unsafe(`alter table ${table} drop constraint ${table}_pkey`);
    const { changes } = await follow(place.service(), { table });

    await sql`insert into ${sql(table)} (n) values (1)`;

    expect((await changes.next()).errors).toEqual(["Error 400: Bad Request, no primary key"]);
  });
});

describe("bindings", () => {
  test("several on a channel: each change comes once to each that it matches", async () => {
    const [one, two] = [await place.table("n int"), await place.table("n int")];
    const { changes } = await follow(
      place.service(),
      { table: one, filter: "n=gt.1" },
      { table: one, event: "INSERT" },
      { table: two },
    );

    await sql`insert into ${sql(one)} (n) values (1), (2)`;
    await sql`insert into ${sql(two)} (n) values (3)`;

    const seen = [];
    for (let i = 0; i < 4; i++) {
      const { table, new: row } = await changes.next();
      seen.push([table === one ? "one" : "two", row.n]);
    }
    expect(seen).toEqual([
      ["one", 1],
      ["one", 2],
      ["one", 2],
      ["two", 3],
    ]);
  });

  test("of a whole schema include tables that are published later", async () => {
    await using own = openTestRealtime(inject("stack"));
    await own.table("n int");
    const { changes } = await follow(own.service(), { schema: "public" });

    const later = await own.table("n int");
    await own.sql`insert into ${own.sql(later)} (n) values (42)`;

    const change = await changes.until(({ table }) => table === later);
    expect(change.new).toEqual({ id: 1, n: 42 });
  });

  test("may ask for some columns; the key is always among them", async () => {
    const table = await place.table("a text, b text");
    const { changes } = await follow(place.service(), { table, select: ["b"] });

    await sql`insert into ${sql(table)} (a, b) values ('x', 'y')`;

    expect((await changes.next()).new).toEqual({ id: 1, b: "y" });
  });

  test("work with version 1.0.0 of the wire format", async () => {
    const table = await place.table("n int");
    const { changes } = await follow(place.service({ vsn: "1.0.0" }), { table });

    await sql`insert into ${sql(table)} (n) values (1)`;

    expect((await changes.next()).new).toEqual({ id: 1, n: 1 });
  });

  test("with `wait`, SUBSCRIBED means that changes flow", async () => {
    const table = await place.table("n int");
    const client = place.service();
    const channel = client.channel("waiting", {
      config: { postgres_changes_options: { wait: true } },
    });
    const came = Promise.withResolvers<unknown>();
    channel.on("postgres_changes", { event: "*", schema: "public", table }, ({ new: row }) =>
      came.resolve(row),
    );
    await new Promise<void>((resolve) => {
      channel.subscribe((status) => status === "SUBSCRIBED" && resolve());
    });

    await sql`insert into ${sql(table)} (n) values (1)`;

    expect(await came.promise).toEqual({ id: 1, n: 1 });
  });

  test("end when the channel is left, and begin again when it is joined again", async () => {
    const table = await place.table("n int");
    const client = place.service();
    const first = await follow(client, { table });
    await client.removeChannel(first.channel);
    const second = await follow(client, { table });

    await sql`insert into ${sql(table)} (n) values (1)`;

    await second.changes.next();
    expect(first.changes.all).toEqual([]);
  });
});

test("joining the same topic twice replaces the first", async () => {
  const table = await place.table("n int");
  const client = place.service();
  const listener = subscribe(client, { table });
  await listener.system.next();
  // As the client itself does after a lost connection.
  listener.channel.joinPush.resend(1_000);
  await listener.system.next();

  await sql`insert into ${sql(table)} (n) values (1), (2)`;

  expect((await listener.changes.next()).new.n).toBe(1);
  expect((await listener.changes.next()).new.n).toBe(2);
});
