/** A status change reaches its owner over a subscription, and nobody else. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { runSmoke, type SmokeContext } from "./run-smoke.ts";
import { addRecording, createTemporaryUser, type TemporaryUser } from "./temporary-user.ts";

/** The bound that users are promised. */
const promisedMs = 2_000;
const patienceMs = 30_000;

await runSmoke({
  help: "Changes the status of two users' recordings: each is told of their own, within 2 s.",
  async check(context) {
    const { say } = context;
    const owner = await createTemporaryUser(context, "owner");
    const stranger = await createTemporaryUser(context, "stranger");
    const add = (user: TemporaryUser) =>
      addRecording(user, `${user.userId}/${crypto.randomUUID()}.mp4`, "pending");
    const recordings = { owner: await add(owner), stranger: await add(stranger) };
    const told = {
      owner: await subscribe(context, owner),
      stranger: await subscribe(context, stranger),
    };
    say("both users are subscribed to every recording they may see");

    const began = performance.now();
    await setStatus(owner, recordings.owner);
    const first = await told.owner.next();
    const elapsed = Math.round(performance.now() - began);
    assert.deepEqual(first, { id: recordings.owner, status: "uploading" });
    assert.ok(elapsed <= promisedMs, `the change took ${elapsed} ms, more than ${promisedMs}`);
    say(`the owner was told after ${elapsed} ms`);

    // Changes come in order: had the owner's been for the stranger too, it would have come first.
    await setStatus(stranger, recordings.stranger);
    assert.deepEqual(await told.stranger.next(), {
      id: recordings.stranger,
      status: "uploading",
    });
    say("the stranger was told of their own recording only");
  },
});

async function setStatus({ client }: TemporaryUser, id: number): Promise<void> {
  await client
    .from("video_recordings")
    .update({ upload_status: "uploading" })
    .eq("id", id)
    .throwOnError();
}

/** Returns once changes flow; SUBSCRIBED alone comes before that. */
async function subscribe({ cleanUp }: SmokeContext, { client }: TemporaryUser) {
  const events = new EventEmitter();
  const changes: { id: number; status: string }[] = [];
  await client.realtime.setAuth();
  const channel = client
    .channel("smoke-realtime")
    .on<{ id: number; upload_status: string }>(
      "postgres_changes",
      { event: "UPDATE", schema: "public", table: "video_recordings" },
      ({ new: row }) => {
        changes.push({ id: row.id, status: row.upload_status });
        events.emit("change");
      },
    )
    .on("system", {}, ({ status, message }) => {
      if (status === "ok") events.emit("ready");
      else events.emit("error", new Error(`subscription refused: ${message}`));
    })
    .subscribe((status, error) => {
      if (status !== "SUBSCRIBED" && error) events.emit("error", error);
    });
  cleanUp(async () => {
    await client.removeChannel(channel);
    await client.realtime.disconnect();
  });
  await once(events, "ready", { signal: AbortSignal.timeout(patienceMs) });
  return {
    async next() {
      if (changes.length === 0) {
        await once(events, "change", { signal: AbortSignal.timeout(patienceMs) });
      }
      return changes.shift();
    },
  };
}
