import { afterAll, describe, expect, inject, test } from "vitest";
import { follow, openTestRealtime, subscribe } from "./test-realtime.ts";

const place = openTestRealtime(inject("stack"));
const { sql } = place;
afterAll(() => place[Symbol.asyncDispose]());

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
