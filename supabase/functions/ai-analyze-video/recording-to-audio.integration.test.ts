import { createHash } from "node:crypto";
import { statusResponseSchema } from "@sideline/contracts";
import { createUser, type TestUser } from "@sideline/proving-ground/testing";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { readWav, requireAudible } from "../_shared/audio/wav.ts";
import { accepted, callFunction, getJson } from "../_shared/testing/call-function.ts";
import { eventually } from "../_shared/testing/eventually.ts";
import { addRecording, sampleClip, uploadVideo } from "../_shared/testing/recordings.ts";

const stack = inject("stack");
let owner: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  [owner, stranger] = await Promise.all([
    createUser(stack, "owner"),
    createUser(stack, "stranger"),
  ]);
});

const requestsSchema = z.object({
  requests: z.array(
    z.object({
      method: z.string(),
      path: z.string(),
      file: z.object({ name: z.string(), sha256: z.string() }).optional(),
    }),
  ),
});

async function providerRequests() {
  return (await getJson(`${stack.providersUrl}/_requests`, requestsSchema)).requests;
}

async function jobStatus(user: TestUser, recordingId: number) {
  const { data } = await user.client
    .from("analysis_jobs")
    .select("id")
    .eq("video_recording_id", recordingId)
    .maybeSingle();
  if (!data) return null;
  const answer = await callFunction(stack, {
    name: "ai-analyze-video",
    token: user.accessToken,
    path: `/status/${data.id}`,
  });
  if (answer.status >= 500) {
    // An app asks again; why it had to is to be seen.
    console.warn("asked for a status:", answer);
    return null;
  }
  return accepted(answer, statusResponseSchema);
}

describe("a video", () => {
  test("becomes feedback that its owner, and nobody else, can hear", {
    timeout: 90_000,
  }, async () => {
    // A trailing box of free space makes the clip's hash this test's own.
    const clip = await sampleClip();
    const own = new Uint8Array(clip.length + 16);
    own.set(clip);
    new DataView(own.buffer).setUint32(clip.length, 16);
    own.set(new TextEncoder().encode("free"), clip.length + 4);
    crypto.getRandomValues(own.subarray(clip.length + 8));
    const recording = await addRecording(owner);
    await uploadVideo(owner, recording.path, own);

    const job = await eventually(
      "everything is spoken",
      async () => {
        const status = await jobStatus(owner, recording.id);
        if (status?.status === "failed") throw new Error(status.error ?? "The analysis failed.");
        const spoken = status?.feedback.every((item) => item.audio.status === "completed");
        return status?.status === "completed" && spoken ? status : null;
      },
      80_000,
    );

    expect(job.feedback.length).toBeGreaterThanOrEqual(2);
    const { data: segments, error } = await owner.client
      .from("analysis_audio_segments")
      .select("feedback_id, segment_index, audio_url, format, duration_ms")
      .in(
        "feedback_id",
        job.feedback.map((item) => item.id),
      );
    if (error) throw error;
    expect(new Set(segments.map((segment) => segment.feedback_id)).size).toBe(job.feedback.length);
    for (const segment of segments) {
      expect(segment.audio_url).toMatch(
        new RegExp(
          `^${owner.userId}/${job.analysisJobId}/${segment.feedback_id}/\\d+-[0-9a-f]{16}\\.wav$`,
        ),
      );
      const download = await owner.client.storage.from("processed").download(segment.audio_url);
      if (download.error) throw download.error;
      const facts = readWav(new Uint8Array(await download.data.arrayBuffer()));
      requireAudible(facts);
      expect(facts.durationMs).toBe(segment.duration_ms);
      const stolen = await stranger.client.storage.from("processed").download(segment.audio_url);
      expect(stolen.error).not.toBeNull();
    }

    const operations = await eventually("what was done to the objects is told", async () => {
      const { data } = await owner.client
        .from("storage_operations")
        .select("operation, bucket, path, outcome, bytes, function_name");
      const told = data?.filter(({ path }) => path.endsWith(".wav")).map(({ path }) => path) ?? [];
      return segments.every(({ audio_url }) => told.includes(audio_url)) ? data : null;
    });
    expect(operations).toContainEqual({
      operation: "download",
      bucket: "raw",
      path: recording.path,
      outcome: "done",
      bytes: own.length,
      function_name: "ai-analyze-video",
    });
    const others = await stranger.client.from("storage_operations").select("id");
    expect(others.data).toEqual([]);

    const requests = await providerRequests();
    const sha256 = createHash("sha256").update(own).digest("hex");
    const file = requests.find((request) => request.file?.sha256 === sha256)?.file;
    expect(file, "the provider got the video's bytes").toBeDefined();
    expect(requests).toContainEqual(
      expect.objectContaining({ method: "DELETE", path: `/v1beta/${file?.name}` }),
    );
  });
});

describe("a video that cannot be analysed", () => {
  const text = new TextEncoder().encode("This is no video, whatever its name says. ".repeat(50));

  const avi = new TextEncoder().encode(`RIFF\u0001\u0001\u0000\u0000AVI LIST${"x".repeat(500)}`);

  test.each([
    ["an empty file", async () => new Uint8Array(), "video_empty"],
    ["a text file", async () => text, "video_unreadable"],
    ["an AVI", async () => avi, "mime_type_not_allowed"],
    ["half a video", async () => (await sampleClip()).slice(0, 60_000), "video_unreadable"],
  ])("%s fails with its code and leaves nothing half-written", async (_what, bytes, code) => {
    const recording = await addRecording(owner);
    await uploadVideo(owner, recording.path, await bytes());
    await owner.client
      .from("video_recordings")
      .update({ upload_status: "completed" })
      .eq("id", recording.id);

    const job = await eventually("the analysis fails", async () => {
      const status = await jobStatus(owner, recording.id);
      return status?.status === "failed" ? status : null;
    });

    expect(job).toMatchObject({ errorCode: code, attempts: 1, feedback: [], title: null });
    expect(job.error).toMatch(/^[A-Z].{10,}\.$/);
  });
});
