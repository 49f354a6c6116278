/**
 * Realtime: owners are told of their rows, and nobody else of anything: neither which table, nor
 * what kind of change, nor when.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSideline, whenSettled } from "@sideline/client";
import type { Database } from "@sideline/database";
import { projectDirectory } from "@sideline/local-stack";
import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, expect, inject, test } from "vitest";
import { createAnonymousClient, createUser } from "../support/create-user.ts";

const stack = inject("stack");
const clients: SupabaseClient<Database>[] = [];
afterAll(async () => {
  for (const client of clients) {
    await client.removeAllChannels();
    await client.realtime.disconnect();
  }
});

/** Everything that a client is told who asks for all there is, errors included. */
async function eavesdrop(client: SupabaseClient<Database>): Promise<unknown[]> {
  clients.push(client);
  const heard: unknown[] = [];
  const flowing = Promise.withResolvers<void>();
  await client.realtime.setAuth();
  const channel = client.channel(`all-${crypto.randomUUID()}`);
  channel
    .on("system", {}, ({ status }: { status: string }) => status === "ok" && flowing.resolve())
    .on("postgres_changes", { event: "*", schema: "*" }, (change) => heard.push(change))
    .on("postgres_changes", { event: "DELETE", schema: "public" }, (change) => heard.push(change));
  for (const table of ["video_recordings", "analysis_feedback", "deleted_recordings"]) {
    channel.on("postgres_changes", { event: "*", schema: "public", table }, (change) =>
      heard.push(change),
    );
  }
  channel.subscribe();
  await flowing.promise;
  return heard;
}

test("a recording's whole life is told to its owner alone", async () => {
  const owner = await createUser(stack, "owner");
  const stranger = await createUser(stack, "stranger");
  const told = await eavesdrop(owner.client);
  const overheard = {
    stranger: await eavesdrop(stranger.client),
    anonymous: await eavesdrop(createAnonymousClient(stack)),
  };

  const sideline = createSideline(owner.client);
  const bytes = await readFile(join(projectDirectory, "samples", "rally.mp4"));
  const recordingId = await sideline
    .upload(new File([bytes], "rally.mp4", { type: "video/mp4" }))
    .whenDone();
  const watched = sideline.watchRecording(recordingId);
  const { feedback } = await whenSettled(watched.store, { patienceMs: 40_000 });
  await sideline.deleteAudio(feedback[0]?.id ?? 0);
  await sideline.deleteRecording(recordingId);
  await watched.stop();

  const tables = () => new Set(told.map((change) => tableOf(change)));
  await expect
    .poll(tables, { timeout: 5_000 })
    .toEqual(
      new Set([
        "video_recordings",
        "analysis_jobs",
        "analysis_feedback",
        "analysis_ssml_segments",
        "analysis_audio_segments",
        "deleted_recordings",
      ]),
    );
  // Changes come in the order of their commits: what is to be heard has been by now.
  await stranger.client
    .from("video_recordings")
    .insert({ filename: "own.mp4", storage_path: `${stranger.userId}/own.mp4` })
    .throwOnError();
  await expect.poll(() => overheard.stranger.length, { timeout: 5_000 }).toBeGreaterThan(0);
  const others = overheard.stranger.filter((change) => ownerOf(change) !== stranger.userId);
  expect(others).toEqual([]);
  expect(overheard.anonymous).toEqual([]);
}, 90_000);

test("a mass delete reaches its owner, and nobody else", async () => {
  const owner = await createUser(stack, "owner");
  const told = await eavesdrop(owner.client);
  const anonymous = await eavesdrop(createAnonymousClient(stack));
  const rows = Array.from({ length: 40 }, (_, place) => ({
    filename: "clip.mp4",
    storage_path: `${owner.userId}/${place}.mp4`,
  }));
  await owner.client.from("video_recordings").insert(rows).throwOnError();
  const stranger = await createUser(stack, "stranger");
  const overheard = await eavesdrop(stranger.client);

  await owner.client.from("video_recordings").delete().gt("id", 0).throwOnError();

  const deleted = () => new Set(told.filter((change) => tableOf(change) === "deleted_recordings"));
  await expect.poll(() => deleted().size, { timeout: 5_000 }).toBeGreaterThanOrEqual(rows.length);
  expect([...overheard, ...anonymous]).toEqual([]);
});

test.each(["stranger", "anonymous"] as const)("no private topic opens to a %s", async (who) => {
  const owner = await createUser(stack, "owner");
  const client =
    who === "stranger" ? (await createUser(stack)).client : createAnonymousClient(stack);
  clients.push(client);
  await client.realtime.setAuth();
  const topic = `recordings:${owner.userId}`;
  const outcome = await new Promise<string>((resolve) => {
    client.channel(topic, { config: { private: true } }).subscribe((status) => resolve(status));
  });

  expect(outcome).toBe("CHANNEL_ERROR");
});

function tableOf(change: unknown): unknown {
  return typeof change === "object" && change !== null && "table" in change ? change.table : null;
}

function ownerOf(change: unknown): unknown {
  const row = typeof change === "object" && change !== null && "new" in change ? change.new : null;
  return typeof row === "object" && row !== null && "user_id" in row ? row.user_id : null;
}
