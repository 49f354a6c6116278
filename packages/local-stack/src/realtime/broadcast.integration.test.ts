import { randomUUID } from "node:crypto";
import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Inbox, inbox, join, openTestRealtime, unique } from "./test-realtime.ts";

const stack = inject("stack");
const place = openTestRealtime(stack);
const { sql } = place;
afterAll(() => place[Symbol.asyncDispose]());

interface Message {
  event: string;
  payload: unknown;
  meta?: { id: string; replayed?: boolean };
}

type Config = NonNullable<Parameters<SupabaseClient["channel"]>[1]>["config"];

/** Joins a topic, hearing every event. */
async function enter(
  client: SupabaseClient,
  topic: string,
  config: Config = {},
): Promise<{ channel: RealtimeChannel; messages: Inbox<Message> }> {
  const channel = client.channel(topic, { config });
  const messages = inbox<Message>("message");
  channel.on("broadcast", { event: "*" }, (message) => messages.put(message as unknown as Message));
  expect(await join(channel)).toEqual({ status: "SUBSCRIBED", message: "" });
  return { channel, messages };
}

describe("public channels", () => {
  test("bring a message to all others, and to oneself where asked", async () => {
    const topic = unique("room");
    const one = await enter(place.anonymous(), topic);
    const two = await enter(place.anonymous(), topic, { broadcast: { self: true } });
    const elsewhere = await enter(place.anonymous(), unique("room"), { broadcast: { self: true } });

    await two.channel.send({ type: "broadcast", event: "a", payload: { n: 1 } });
    await one.channel.send({ type: "broadcast", event: "b", payload: { n: 2 } });
    await two.messages.until(({ event }) => event === "b");
    await two.channel.send({ type: "broadcast", event: "c", payload: { n: 3 } });
    await elsewhere.channel.send({ type: "broadcast", event: "d", payload: {} });

    await two.messages.until(({ event }) => event === "c");
    await one.messages.until(({ event }) => event === "c");
    await elsewhere.messages.until(({ event }) => event === "d");
    expect(one.messages.all.map(({ event, payload }) => [event, payload])).toEqual([
      ["a", { n: 1 }],
      ["c", { n: 3 }],
    ]);
    expect(two.messages.all.map(({ event }) => event)).toEqual(["a", "b", "c"]);
    expect(elsewhere.messages.all).toHaveLength(1);
  });

  test("acknowledge where asked", async () => {
    const { channel } = await enter(place.anonymous(), unique("room"), {
      broadcast: { ack: true },
    });

    expect(await channel.send({ type: "broadcast", event: "a", payload: {} })).toBe("ok");
  });

  test("carry bytes, and between versions of the wire format what both can say", async () => {
    const topic = unique("room");
    const sender = await enter(place.anonymous(), topic);
    const modern = await enter(place.anonymous(), topic);
    const old = await enter(place.anonymous({ vsn: "1.0.0" }), topic);
    const bytes = new Uint8Array([1, 0, 255]).buffer;

    await sender.channel.send({ type: "broadcast", event: "bytes", payload: bytes });
    await sender.channel.send({ type: "broadcast", event: "text", payload: { t: "✓" } });

    expect(await modern.messages.next()).toMatchObject({ event: "bytes", payload: bytes });
    expect(await modern.messages.next()).toMatchObject({ event: "text", payload: { t: "✓" } });
    // Only now: nothing orders what two sockets send.
    await old.channel.send({ type: "broadcast", event: "from the old", payload: { t: "✓" } });
    expect(await modern.messages.next()).toMatchObject({
      event: "from the old",
      payload: { t: "✓" },
    });
    expect(await old.messages.next()).toMatchObject({ event: "text", payload: { t: "✓" } });
  });

  test("are apart from private channels of the same name", async () => {
    const topic = unique("room");
    const listener = await enter(place.anonymous(), topic);

    await sql`select realtime.send('{"n": 1}', 'private', ${topic}, true)`;
    await sql`select realtime.send('{"n": 2}', 'public', ${topic}, false)`;

    expect((await listener.messages.next()).event).toBe("public");
  });
});

describe("over HTTP", () => {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${stack.apiUrl}/realtime/v1/api/broadcast${path}`, {
      method: "POST",
      headers: { apikey: stack.publishableKey, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  test("a client that has not joined sends", async () => {
    const topic = unique("room");
    const listener = await enter(place.anonymous(), topic);
    const other = place.anonymous().channel(topic);

    await other.httpSend("single", { n: 1 });
    await other.httpSend("bytes", new Uint8Array([1, 2]).buffer);
    const message = { topic, event: "batch", payload: { n: 2 } };
    const batch = await post("", { messages: [message, { ...message, event: "batch 2" }] });

    expect(batch.status).toBe(202);
    expect(await listener.messages.next()).toMatchObject({ event: "single", payload: { n: 1 } });
    expect(await listener.messages.next()).toMatchObject({
      event: "bytes",
      payload: new Uint8Array([1, 2]).buffer,
    });
    expect(await listener.messages.next()).toMatchObject({ event: "batch", payload: { n: 2 } });
    expect((await listener.messages.next()).event).toBe("batch 2");
  });

  test("what is wrong is refused", async () => {
    const expired = await place.token({ sub: randomUUID() }, -5);

    expect((await post("", { messages: [{ topic: "x" }] })).status).toBe(422);
    expect((await post("", {}, { apikey: "sb_publishable_wrong" })).status).toBe(401);
    expect((await post("", {}, { authorization: `Bearer ${expired}` })).status).toBe(401);
    expect((await post("/a/b", {})).status).toBe(404);
    expect((await fetch(`${stack.apiUrl}/realtime/v1/api/broadcast`)).status).toBe(405);
  });
});

describe("private channels", () => {
  const [reader, writer, stranger] = [randomUUID(), randomUUID(), randomUUID()];
  const prefix = unique("private");
  const room = () => `${prefix}:${randomUUID()}`;

  beforeAll(async () => {
    await sql.unsafe(`
      create policy "${prefix} reads" on realtime.messages for select to authenticated
        using (
          realtime.topic() like '${prefix}:%' and extension in ('broadcast')
          and auth.uid() in ('${reader}', '${writer}')
        );
      create policy "${prefix} writes" on realtime.messages for insert to authenticated
        with check (
          realtime.topic() like '${prefix}:%' and extension = 'broadcast'
          and auth.uid() = '${writer}'
        );`);
  });
  afterAll(async () => {
    await sql.unsafe(`
      drop policy "${prefix} reads" on realtime.messages;
      drop policy "${prefix} writes" on realtime.messages;`);
  });

  test("are joined by who may read", async () => {
    const topic = room();
    const join_ = async (client: SupabaseClient, name = topic) =>
      await join(client.channel(name, { config: { private: true } }));
    const message = `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`;

    expect((await join_(await place.user(reader))).status).toBe("SUBSCRIBED");
    expect((await join_(place.service())).status).toBe("SUBSCRIBED");
    expect(await join_(await place.user(stranger))).toEqual({ status: "CHANNEL_ERROR", message });
    expect((await join_(place.anonymous())).status).toBe("CHANNEL_ERROR");
    expect((await join_(await place.user(reader), unique("other"))).status).toBe("CHANNEL_ERROR");
  });

  test("pass on what those send who may write", async () => {
    const topic = room();
    const config = { private: true };
    const listener = await enter(await place.user(reader), topic, config);
    const mute = await enter(await place.user(reader), topic, config);
    const sender = await enter(await place.user(writer), topic, config);
    const outside = (await place.user(reader)).channel(topic, { config });
    const allowed = (await place.user(writer)).channel(topic, { config });

    await mute.channel.send({ type: "broadcast", event: "not allowed", payload: {} });
    await expect(outside.httpSend("not allowed", {})).rejects.toThrow("Unauthorized");
    await sender.channel.send({ type: "broadcast", event: "a", payload: {} });
    await listener.messages.until(({ event }) => event === "a");
    await allowed.httpSend("b", {});
    await listener.messages.until(({ event }) => event === "b");

    expect(listener.messages.all.map(({ event }) => event)).toEqual(["a", "b"]);
  });

  test("carry what SQL sends, once its transaction commits", async () => {
    const topic = room();
    const { messages } = await enter(await place.user(reader), topic, { private: true });

    await sql
      .begin(async (tx) => {
        await tx`select realtime.send('{"n": 1}', 'rolled back', ${topic})`;
        throw new Error("on purpose");
      })
      .catch(() => {});
    await sql`select realtime.send('{"n": 2}', 'committed', ${topic})`;
    await sql`select realtime.send_binary('\\x0102', 'bytes', ${topic})`;

    const first = await messages.next();
    expect(first).toMatchObject({ event: "committed", payload: { n: 2, id: first.meta?.id } });
    expect(await messages.next()).toMatchObject({
      event: "bytes",
      payload: new Uint8Array([1, 2]).buffer,
    });
  });

  test("carry the changes of a table that a trigger sends", async () => {
    const topic = room();
    const table = await place.table("body text", { published: false });
    await sql.unsafe(`
      create function public.${table}_changed() returns trigger language plpgsql as $$
      begin
        perform realtime.broadcast_changes(
          '${topic}', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
        return null;
      end $$;
      create trigger changed after insert or update or delete on ${table}
        for each row execute function public.${table}_changed();`);
    const { messages } = await enter(await place.user(reader), topic, { private: true });

    await sql`insert into ${sql(table)} (body) values ('one')`;
    await sql`update ${sql(table)} set body = 'two'`;

    expect(await messages.next()).toMatchObject({
      event: "INSERT",
      payload: { operation: "INSERT", table, record: { id: 1, body: "one" }, old_record: null },
    });
    expect(await messages.next()).toMatchObject({
      event: "UPDATE",
      payload: { record: { body: "two" }, old_record: { body: "one" } },
    });
    await sql.unsafe(`drop function public.${table}_changed() cascade`);
  });

  test("replay what was sent before, at most as much as asked for", async () => {
    const topic = room();
    const early = await enter(await place.user(reader), topic, { private: true });
    for (const n of [1, 2, 3]) await sql`select realtime.send(${sql.json({ n })}, 'e', ${topic})`;
    // What is still on its way when somebody joins comes to him as well.
    for (let n = 1; n <= 3; n++) await early.messages.next();
    const since = Date.now() - 60_000;
    const client = await place.user(reader);

    const { messages } = await enter(client, topic, {
      private: true,
      broadcast: { replay: { since, limit: 2 } },
    });
    await sql`select realtime.send('{"n": 4}', 'e', ${topic})`;

    expect(await messages.next()).toMatchObject({ payload: { n: 2 }, meta: { replayed: true } });
    expect(await messages.next()).toMatchObject({ payload: { n: 3 }, meta: { replayed: true } });
    const live = await messages.next();
    expect(live.payload).toMatchObject({ n: 4 });
    expect(live.meta?.replayed).toBeUndefined();
  });

  test("a new token that may not read ends the channel", async () => {
    const client = await place.user(reader);
    const topic = room();
    const channel = client.channel(topic, { config: { private: true } });
    const said = Promise.withResolvers<unknown>();
    channel.on("system", {}, said.resolve);
    expect((await join(channel)).status).toBe("SUBSCRIBED");

    await client.realtime.setAuth(await place.token({ sub: stranger }));

    expect(await said.promise).toMatchObject({
      status: "error",
      message: `You do not have permissions to read from this Channel topic: ${topic}`,
    });
  });
});
