/**
 * What an owner, a stranger and an anonymous caller get at each door of the project: rows, functions
 * and files, as their apps would ask. Every verb on every table is tried in the database itself:
 * `supabase/tests/database/policies` and `scripts/db/access.integration.test.ts`.
 */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { createServiceClient } from "../support/create-user.ts";
import { assembleCast, type Cast } from "./cast.ts";

const stack = inject("stack");
const denied = expect.objectContaining({ code: "42501" });
const callers = ["stranger", "anonymous"] as const;

let cast: Cast;
beforeAll(async () => {
  cast = await assembleCast(stack);
});

const clientOf = (who: (typeof callers)[number]) =>
  who === "stranger" ? cast.stranger.client : cast.anonymous;

describe.each([
  "video_recordings",
  "analysis_jobs",
  "analysis_metrics",
  "analysis_feedback",
  "analysis_ssml_segments",
  "analysis_audio_segments",
] as const)("%s", (table) => {
  test("the owner reads their rows", async () => {
    const { data, error } = await cast.owner.client.from(table).select();
    expect(error).toBeNull();
    expect(data?.length).toBeGreaterThan(0);
  });

  test("a stranger reads nothing", async () => {
    expect(await cast.stranger.client.from(table).select()).toMatchObject({ data: [] });
  });

  test("an anonymous caller is refused", async () => {
    expect((await cast.anonymous.from(table).select()).error).toEqual(denied);
  });
});

describe("the Data API", () => {
  test("to a stranger what is not theirs does not exist", async () => {
    const { client } = cast.stranger;
    const changed = await client
      .from("video_recordings")
      .update({ filename: "mine.mp4" })
      .eq("id", cast.recordingId)
      .select();
    const retried = await client.rpc("retry_analysis", { analysis_job_id: cast.jobId });

    expect(changed.data).toEqual([]);
    expect(retried).toMatchObject({ status: 404, error: { code: "PT404" } });
  });

  test("what nobody may write is denied to the owner too", async () => {
    const given = await cast.owner.client
      .from("video_recordings")
      .update({ user_id: cast.stranger.userId })
      .eq("id", cast.recordingId);
    const queued = await cast.owner.client
      .from("analysis_jobs")
      .update({ status: "queued" })
      .eq("id", cast.jobId);

    expect([given.error, queued.error]).toEqual([denied, denied]);
  });

  test.each([...callers, "owner"] as const)("schema pipeline is closed to %s", async (who) => {
    const client = (who === "owner" ? cast.owner.client : clientOf(who)).schema("pipeline");
    const claimed = await client.rpc("claim_analysis", { batch_size: 1 });
    const read = await client.from("stages").select();

    expect([claimed.error, read.error]).toEqual([denied, denied]);
    expect(claimed.status).toBe(who === "anonymous" ? 401 : 403);
  });
});

describe("functions", () => {
  const call = (path: string, headers: Record<string, string>, body?: unknown) =>
    fetch(`${stack.apiUrl}/functions/v1/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const as = (accessToken: string) => ({
    apikey: stack.publishableKey,
    authorization: `Bearer ${accessToken}`,
  });
  const publishable = () => ({ apikey: stack.publishableKey });
  const workers = ["ssmlWorker", "audioWorker", "draftWorker"];

  test("health is open to everyone", async () => {
    for (const name of ["ai-analyze-video", ...workers]) {
      expect((await call(`${name}/health`, {})).status).toBe(200);
    }
  });

  test("the owner sees the status of their job, and for a stranger it does not exist", async () => {
    const path = `ai-analyze-video/status/${cast.jobId}`;
    const stranger = as(cast.stranger.accessToken);
    const own = await call(path, as(cast.owner.accessToken));
    const { recordingId: videoRecordingId, videoPath } = cast;
    const byId = await call("ai-analyze-video", stranger, { videoRecordingId });
    const byPath = await call("ai-analyze-video", stranger, { videoPath });

    expect(await own.json()).toMatchObject({ status: "completed" });
    expect([(await call(path, stranger)).status, byId.status, byPath.status]).toEqual([
      404, 404, 404,
    ]);
  });

  test.each([
    ["without a key", () => ({})],
    ["with the publishable key alone", publishable],
    ["with a token that is none", () => as("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")],
    ["with a made-up secret key", () => ({ apikey: "sb_secret_made_up" })],
  ])("%s nothing is told and nothing is started", async (_name, headers) => {
    const { jobId, recordingId: videoRecordingId } = cast;
    const status = await call(`ai-analyze-video/status/${jobId}`, headers());
    const start = await call("ai-analyze-video", headers(), { videoRecordingId });

    expect([status.status, start.status]).toEqual([401, 401]);
  });

  test.each(workers)("%s works with the secret key alone", async (name) => {
    for (const headers of [{}, publishable(), as(cast.owner.accessToken)]) {
      expect((await call(name, headers, {})).status).toBe(401);
    }
    expect((await call(name, { apikey: stack.secretKey }, {})).status).toBe(200);
  });
});

describe("files", () => {
  const bytes = new Blob([new Uint8Array(64)], { type: "video/mp4" });
  const objects = () =>
    [
      ["raw", cast.videoPath],
      ["processed", cast.audioPath],
    ] as const;

  test("the owner reads their video and their audio, and writes nothing to processed", async () => {
    const { storage } = cast.owner.client;
    for (const [bucket, path] of objects()) {
      expect((await storage.from(bucket).download(path)).data?.size).toBeGreaterThan(1_000);
    }
    const sound = new Blob([new Uint8Array(64)], { type: "audio/wav" });
    const added = await storage.from("processed").upload(`${cast.owner.userId}/own.wav`, sound);
    const upsert = { upsert: true };
    const replaced = await storage.from("processed").upload(cast.audioPath, sound, upsert);
    expect([added.error, replaced.error]).toEqual([expect.anything(), expect.anything()]);
    expect((await storage.from("processed").exists(cast.audioPath)).data).toBe(true);
  });

  describe.each(callers)("a caller who is %s", (who) => {
    const storage = () => clientOf(who).storage;

    test("reads, signs and lists none of the owner's files", async () => {
      for (const [bucket, path] of objects()) {
        const files = storage().from(bucket);
        expect((await files.download(path)).data).toBeNull();
        expect((await files.createSignedUrl(path, 60)).data).toBeNull();
        expect((await files.info(path)).data).toBeNull();
        expect((await files.exists(path)).data).toBe(false);
        expect((await files.list(cast.owner.userId)).data ?? []).toEqual([]);
      }
    });

    test("neither removes, moves, copies nor replaces the owner's files", async () => {
      const mine = `${cast.stranger.userId}/taken-${randomUUID()}.mp4`;
      for (const [bucket, path] of objects()) {
        const files = storage().from(bucket);
        await files.remove([path]);
        const moved = await files.move(path, mine);
        const copied = await files.copy(path, mine);
        const replaced = await files.upload(path, bytes, { upsert: true });
        expect([moved.data, copied.data, replaced.data]).toEqual([null, null, null]);
        expect((await cast.owner.client.storage.from(bucket).exists(path)).data).toBe(true);
      }
    });

    test("puts nothing into the owner's folder, by whichever door", async () => {
      const path = `${cast.owner.userId}/planted-${randomUUID()}.mp4`;
      const direct = await storage().from("raw").upload(path, bytes);
      const signed = await storage().from("raw").createSignedUploadUrl(path);
      const resumable = await fetch(`${stack.apiUrl}/storage/v1/upload/resumable`, {
        method: "POST",
        headers: {
          apikey: stack.publishableKey,
          ...(who === "stranger" ? { authorization: `Bearer ${cast.stranger.accessToken}` } : {}),
          "tus-resumable": "1.0.0",
          "upload-length": "64",
          "upload-metadata": tusMetadata(path),
        },
      });
      expect([direct.data, signed.data]).toEqual([null, null]);
      expect(resumable.status).toBeGreaterThanOrEqual(400);
      const { data } = await createServiceClient(stack).storage.from("raw").exists(path);
      expect(data).toBe(false);
    });

    test("creates, empties and deletes no bucket", async () => {
      const results = [
        await storage().createBucket(`mine-${randomUUID()}`),
        await storage().emptyBucket("raw"),
        await storage().deleteBucket("processed"),
      ];
      expect(results.map(({ error }) => error === null)).toEqual([false, false, false]);
    });
  });
});

function tusMetadata(objectName: string): string {
  return Object.entries({ bucketName: "raw", objectName, contentType: "video/mp4" })
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");
}
