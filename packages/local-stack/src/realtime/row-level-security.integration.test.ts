import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, inject, test } from "vitest";
import { follow, openTestRealtime } from "./test-realtime.ts";

const place = openTestRealtime(inject("stack"));
const { sql } = place;
afterAll(() => place[Symbol.asyncDispose]());

describe("row level security", () => {
  const [alice, bob] = [randomUUID(), randomUUID()];

  async function diary(): Promise<string> {
    const table = await place.table("owner uuid, body text, secret text");
    await sql.unsafe(`
      alter table ${table} enable row level security;
      create policy "owners read" on ${table} for select to authenticated
        using (owner = (select auth.uid()));
      grant select (id, owner, body) on ${table} to authenticated;`);
    return table;
  }

  test("two users side by side each get exactly their rows and columns", async () => {
    const table = await diary();
    const [ofAlice, ofBob, ofService] = [
      await follow(await place.user(alice), { table }),
      await follow(await place.user(bob), { table }),
      await follow(place.service(), { table }),
    ];

    await sql`
      insert into ${sql(table)} (owner, body, secret)
      values (${alice}, 'a1', 's'), (${bob}, 'b1', 's'), (${alice}, 'a2', 's')`;
    await sql`update ${sql(table)} set body = 'end' where owner = ${bob}`;
    await sql`update ${sql(table)} set body = 'end' where body = 'a2'`;

    await ofAlice.changes.until(({ new: row }) => row.body === "end");
    await ofBob.changes.until(({ new: row }) => row.body === "end");
    await ofService.changes.until(({ new: row }) => row.id === 3 && row.body === "end");
    expect(ofAlice.changes.all.map((change) => change.new)).toEqual([
      { id: 1, owner: alice, body: "a1" },
      { id: 3, owner: alice, body: "a2" },
      { id: 3, owner: alice, body: "end" },
    ]);
    expect(ofBob.changes.all.map((change) => change.new)).toEqual([
      { id: 2, owner: bob, body: "b1" },
      { id: 2, owner: bob, body: "end" },
    ]);
    expect(ofService.changes.all).toHaveLength(5);
    expect(ofService.changes.all[0]?.new.secret).toBe("s");
  });

  test("a user who loses the right to a row gets no more of it", async () => {
    const table = await diary();
    const ofAlice = await follow(await place.user(alice), { table });
    await sql`insert into ${sql(table)} (owner, body) values (${alice}, 'hers'), (${alice}, 'fence')`;
    await ofAlice.changes.until(({ new: row }) => row.body === "fence");

    await sql`update ${sql(table)} set owner = ${bob}, body = 'his' where id = 1`;
    await sql`update ${sql(table)} set body = 'his still' where id = 1`;
    await sql`update ${sql(table)} set body = 'end' where id = 2`;

    expect((await ofAlice.changes.next()).new.body).toBe("end");
  });

  test("a column that is revoked or added while subscribed goes or comes at once", async () => {
    const table = await diary();
    const ofAlice = await follow(await place.user(alice), { table });
    const insert = () => sql`insert into ${sql(table)} (owner, body) values (${alice}, 'x')`;

    await insert();
    expect((await ofAlice.changes.next()).new).toEqual({ id: 1, owner: alice, body: "x" });

    await sql.unsafe(`revoke select (body) on ${table} from authenticated`);
    await insert();
    expect((await ofAlice.changes.next()).new).toEqual({ id: 2, owner: alice });

    await sql.unsafe(`
      alter table ${table} add column mood text default 'fine';
      grant select (mood) on ${table} to authenticated`);
    await insert();
    expect((await ofAlice.changes.next()).new).toEqual({ id: 3, owner: alice, mood: "fine" });
  });

  test("who may not even select the key is told that there was something, not what", async () => {
    const table = await diary();
    const ofNobody = await follow(place.anonymous(), { table });

    await sql`insert into ${sql(table)} (owner, body) values (${alice}, 'hers')`;

    expect(await ofNobody.changes.next()).toMatchObject({
      new: {},
      errors: ["Error 401: Unauthorized"],
    });
  });

  test("a policy that fails for one reader does not keep the change from others", async () => {
    const table = await place.table("n int");
    await sql.unsafe(`
      alter table ${table} enable row level security;
      grant select on ${table} to authenticated;
      create policy "raises for some" on ${table} for select to authenticated
        using (1 / (case when auth.uid() = '${alice}' then 0 else 1 end) = 1)`);
    const ofAlice = await follow(await place.user(alice), { table });
    const ofBob = await follow(await place.user(bob), { table });

    await sql`insert into ${sql(table)} (n) values (1)`;

    expect((await ofBob.changes.next()).new).toEqual({ id: 1, n: 1 });
    expect(await ofAlice.changes.next()).toMatchObject({
      new: {},
      errors: ["Error 500: Internal Server Error, RLS policy evaluation failed"],
    });
  });

  test("a new token changes whose rows come", async () => {
    const table = await diary();
    const client = await place.user(alice);
    const { changes, system } = await follow(client, { table });

    await client.realtime.setAuth(await place.token({ sub: bob }));
    await system.until(({ status }) => status === "ok");
    await sql`insert into ${sql(table)} (owner, body) values (${alice}, 'a'), (${bob}, 'b')`;

    expect((await changes.next()).new.body).toBe("b");
  });
});
