import { randomUUID } from "node:crypto";
import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { afterAll, expect, inject, test } from "vitest";
import { type Inbox, inbox, join, openTestRealtime, unique } from "./test-realtime.ts";

const place = openTestRealtime(inject("stack"));
afterAll(() => place[Symbol.asyncDispose]());

/** e.g. `join ada: here`. */
interface Visitor {
  channel: RealtimeChannel;
  events: Inbox<string>;
  /** The state whenever it was complete. */
  synced: Inbox<Record<string, unknown[]>>;
}

async function enter(
  client: SupabaseClient,
  topic: string,
  key: string,
  isPrivate = false,
): Promise<Visitor> {
  const channel = client.channel(topic, { config: { presence: { key }, private: isPrivate } });
  const events = inbox<string>("presence event");
  const synced = inbox<Record<string, unknown[]>>("sync");
  const moods = (presences: Record<string, unknown>[]) => presences.map(({ mood }) => mood).join();
  channel
    .on("presence", { event: "sync" }, () => synced.put(moodsOf(channel)))
    .on("presence", { event: "join" }, ({ key, newPresences }) =>
      events.put(`join ${key}: ${moods(newPresences)}`),
    )
    .on("presence", { event: "leave" }, ({ key, leftPresences }) =>
      events.put(`leave ${key}: ${moods(leftPresences)}`),
    );
  expect((await join(channel)).status).toBe("SUBSCRIBED");
  return { channel, events, synced };
}

function moodsOf(channel: RealtimeChannel): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(channel.presenceState<{ mood: string }>()).map(([key, presences]) => [
      key,
      presences.map(({ mood }) => mood),
    ]),
  );
}

test("those present are told of joins, changes and leaves; a newcomer of all who are there", async () => {
  const topic = unique("room");
  const ada = await enter(place.anonymous(), topic, "ada");
  expect(await ada.synced.next()).toEqual({});

  expect(await ada.channel.track({ mood: "here" })).toBe("ok");
  expect(await ada.events.next()).toBe("join ada: here");

  const bobClient = place.anonymous();
  const bob = await enter(bobClient, topic, "bob");
  expect(await bob.synced.next()).toEqual({ ada: ["here"] });
  await bob.channel.track({ mood: "new" });
  expect(await ada.events.next()).toBe("join bob: new");

  await ada.channel.track({ mood: "busy" });
  await bob.synced.until((state) => JSON.stringify(state) === '{"ada":["busy"],"bob":["new"]}');

  await ada.channel.untrack();
  await bob.synced.until((state) => JSON.stringify(state) === '{"bob":["new"]}');

  await bobClient.realtime.disconnect();
  expect(await ada.events.until((event) => event.startsWith("leave bob"))).toBe("leave bob: new");
});

test("several visitors may share a key; each counts", async () => {
  const topic = unique("room");
  const watcher = await enter(place.anonymous(), topic, "watcher");
  const [one, two] = [
    await enter(place.anonymous(), topic, "shared"),
    await enter(place.anonymous(), topic, "shared"),
  ];

  await one.channel.track({ mood: "one" });
  await two.channel.track({ mood: "two" });
  await watcher.synced.until(({ shared = [] }) => shared.length === 2);
  await place.anonymous().removeChannel(one.channel);

  await watcher.synced.until(({ shared = [] }) => shared.join() === "two");
});

test("a channel that does not listen is seen, and not told", async () => {
  const topic = unique("room");
  const watcher = await enter(place.anonymous(), topic, "watcher");
  const quiet = place.anonymous().channel(topic, { config: { presence: { key: "quiet" } } });
  await join(quiet);

  await quiet.track({ mood: "shy" });

  expect(await watcher.events.next()).toBe("join quiet: shy");
});

test("private channels: read and write have policies of their own", async () => {
  const prefix = unique("presence");
  const [actor, audience] = [randomUUID(), randomUUID()];
  await place.sql.unsafe(`
    create policy "${prefix} reads" on realtime.messages for select to authenticated
      using (realtime.topic() like '${prefix}:%' and extension = 'presence');
    create policy "${prefix} writes" on realtime.messages for insert to authenticated
      with check (
        realtime.topic() like '${prefix}:%' and extension = 'presence' and auth.uid() = '${actor}'
      );`);
  const topic = `${prefix}:stage`;
  const onStage = await enter(await place.user(actor), topic, "actor", true);
  const watching = await enter(await place.user(audience), topic, "audience", true);

  expect(await watching.channel.track({ mood: "heckling" })).toBe("error");
  expect(await onStage.channel.track({ mood: "acting" })).toBe("ok");

  expect(await watching.events.next()).toBe("join actor: acting");
  await place.sql.unsafe(`
    drop policy "${prefix} reads" on realtime.messages;
    drop policy "${prefix} writes" on realtime.messages;`);
});
