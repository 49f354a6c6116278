/** Files: everyone keeps to their own folder; only workers write what was processed. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { createServiceClient } from "../support/create-user.ts";
import { assembleCast, type Cast } from "./cast.ts";

const stack = inject("stack");
const bytes = new Blob([new Uint8Array(64)], { type: "video/mp4" });

let cast: Cast;
beforeAll(async () => {
  cast = await assembleCast(stack);
});

describe("the owner", () => {
  test("reads their video and their audio", async () => {
    const { storage } = cast.owner.client;
    const video = await storage.from("raw").download(cast.videoPath);
    const audio = await storage.from("processed").download(cast.audioPath);
    expect(video.data?.size).toBeGreaterThan(1_000);
    expect(audio.data?.size).toBeGreaterThan(1_000);
  });

  test("writes nothing to processed", async () => {
    const bucket = cast.owner.client.storage.from("processed");
    const sound = new Blob([new Uint8Array(64)], { type: "audio/wav" });
    const added = await bucket.upload(`${cast.owner.userId}/own.wav`, sound);
    const replaced = await bucket.upload(cast.audioPath, sound, { upsert: true });
    expect([added.error, replaced.error]).toEqual([expect.anything(), expect.anything()]);
    expect((await bucket.exists(cast.audioPath)).data).toBe(true);
  });
});

describe.each(["stranger", "anonymous"] as const)("a caller who is %s", (who) => {
  const storage = () => (who === "stranger" ? cast.stranger.client : cast.anonymous).storage;
  const objects = () =>
    [
      ["raw", cast.videoPath],
      ["processed", cast.audioPath],
    ] as const;

  test("reads and signs none of the owner's files", async () => {
    for (const [bucket, path] of objects()) {
      expect((await storage().from(bucket).download(path)).data).toBeNull();
      expect((await storage().from(bucket).createSignedUrl(path, 60)).data).toBeNull();
      expect((await storage().from(bucket).info(path)).data).toBeNull();
      expect((await storage().from(bucket).exists(path)).data).toBe(false);
    }
  });

  test("lists nothing in the owner's folder", async () => {
    for (const [bucket] of objects()) {
      const { data } = await storage().from(bucket).list(cast.owner.userId);
      expect(data ?? []).toEqual([]);
    }
  });

  test("neither removes, moves, copies nor replaces the owner's files", async () => {
    const mine = `${cast.stranger.userId}/taken-${randomUUID()}.mp4`;
    for (const [bucket, path] of objects()) {
      await storage().from(bucket).remove([path]);
      const moved = await storage().from(bucket).move(path, mine);
      const copied = await storage().from(bucket).copy(path, mine);
      const replaced = await storage().from(bucket).upload(path, bytes, { upsert: true });
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
        "upload-metadata": tusMetadata({
          bucketName: "raw",
          objectName: path,
          contentType: "video/mp4",
        }),
      },
    });
    expect(direct.data).toBeNull();
    expect(signed.data).toBeNull();
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

function tusMetadata(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");
}
