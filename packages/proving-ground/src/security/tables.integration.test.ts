/** Rows: the owner reads all of their own and writes what is theirs to write; others see nothing. */
import { beforeAll, describe, expect, inject, test } from "vitest";
import { assembleCast, type Cast } from "./cast.ts";

const denied = expect.objectContaining({ code: "42501" });
const ownedTables = [
  "video_recordings",
  "analysis_jobs",
  "analysis_metrics",
  "analysis_feedback",
  "analysis_ssml_segments",
  "analysis_audio_segments",
] as const;

let cast: Cast;
let recordingId: number;
let jobId: number;
let feedbackId: number;
beforeAll(async () => {
  cast = await assembleCast(inject("stack"));
  recordingId = cast.recordingId;
  jobId = cast.jobId;
  feedbackId = cast.feedbackId;
});

describe.each(ownedTables)("%s", (table) => {
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

describe("a stranger", () => {
  test("changes no recording of the owner", async () => {
    const { data } = await cast.stranger.client
      .from("video_recordings")
      .update({ filename: "mine.mp4" })
      .eq("id", recordingId)
      .select();
    expect(data).toEqual([]);
  });

  test("deletes no recording of the owner", async () => {
    await cast.stranger.client.from("video_recordings").delete().eq("id", recordingId);
    const { data } = await cast.owner.client.from("video_recordings").select("filename");
    expect(data).toEqual([{ filename: "clip.mp4" }]);
  });

  test("adds no recording in the owner's name", async () => {
    const { error } = await cast.stranger.client.from("video_recordings").insert({
      user_id: cast.owner.userId,
      filename: "a.mp4",
      storage_path: `${cast.owner.userId}/a.mp4`,
    });
    expect(error).toEqual(denied);
  });

  test("adds no recording that names a file in the owner's folder", async () => {
    const { error } = await cast.stranger.client.from("video_recordings").insert({
      user_id: cast.stranger.userId,
      filename: "a.mp4",
      storage_path: `${cast.owner.userId}/b.mp4`,
    });
    expect(error).toMatchObject({ code: "23514" });
  });

  test("adds no recording whose path leads from their folder into the owner's", async () => {
    const { error } = await cast.stranger.client.from("video_recordings").insert({
      user_id: cast.stranger.userId,
      filename: "a.mp4",
      storage_path: `${cast.stranger.userId}/../${cast.videoPath}`,
    });
    expect(error).toMatchObject({ code: "23514" });
  });

  test.each(["retry_analysis", "retry_feedback"] as const)("%s finds nothing", async (name) => {
    const { error, status } =
      name === "retry_analysis"
        ? await cast.stranger.client.rpc(name, { analysis_job_id: jobId })
        : await cast.stranger.client.rpc(name, { feedback_id: feedbackId, stage: "audio" });
    expect(error).toMatchObject({ code: "PT404" });
    expect(status).toBe(404);
  });

  test("does not see the owner's choice of voice, nor choose for them", async () => {
    const { data: voices } = await cast.owner.client.from("coach_voices").select("id").limit(1);
    const voice = voices?.[0]?.id ?? 0;
    await cast.owner.client
      .from("voice_preferences")
      .insert({ user_id: cast.owner.userId, coach_voice_id: voice })
      .throwOnError();

    const seen = await cast.stranger.client.from("voice_preferences").select();
    const chosen = await cast.stranger.client
      .from("voice_preferences")
      .upsert({ user_id: cast.owner.userId, coach_voice_id: voice });

    expect(seen.data).toEqual([]);
    expect(chosen.error).toEqual(denied);
  });
});

describe("the owner", () => {
  test("cannot give a recording away", async () => {
    const { error } = await cast.owner.client
      .from("video_recordings")
      .update({ user_id: cast.stranger.userId })
      .eq("id", recordingId);
    expect(error).toEqual(denied);
  });

  test("cannot set a status that workers set", async () => {
    const job = await cast.owner.client
      .from("analysis_jobs")
      .update({ status: "queued" })
      .eq("id", jobId);
    const item = await cast.owner.client
      .from("analysis_feedback")
      .update({ audio_status: "queued" })
      .eq("id", feedbackId);
    expect([job.error, item.error]).toEqual([denied, denied]);
  });

  test("cannot write feedback, segments or voices", async () => {
    const { client, userId } = cast.owner;
    const feedback = await client.from("analysis_feedback").insert({
      analysis_job_id: jobId,
      user_id: userId,
      start_seconds: 0,
      end_seconds: 1,
      category: "activity",
      severity: "low",
      confidence: 1,
      message: "Well done.",
    });
    const segment = await client
      .from("analysis_ssml_segments")
      .insert({ feedback_id: feedbackId, segment_index: 9, ssml: "<speak>Hi</speak>" });
    const voice = await client.from("coach_voices").delete().neq("id", 0);
    expect([feedback.error, segment.error, voice.error]).toEqual([denied, denied, denied]);
  });

  test("cannot retry what has not failed", async () => {
    const { error } = await cast.owner.client.rpc("retry_feedback", {
      feedback_id: feedbackId,
      stage: "audio",
    });
    expect(error).toMatchObject({ code: "SL001" });
  });
});

describe("an anonymous caller", () => {
  test("writes nothing", async () => {
    const insert = await cast.anonymous.from("video_recordings").insert({
      user_id: cast.owner.userId,
      filename: "a.mp4",
      storage_path: `${cast.owner.userId}/c.mp4`,
    });
    const update = await cast.anonymous
      .from("video_recordings")
      .update({ filename: "mine.mp4" })
      .eq("id", recordingId);
    const remove = await cast.anonymous.from("video_recordings").delete().eq("id", recordingId);
    expect([insert.error, update.error, remove.error]).toEqual([denied, denied, denied]);
  });

  test("retries nothing and reads no voices", async () => {
    const retry = await cast.anonymous.rpc("retry_analysis", { analysis_job_id: jobId });
    const voices = await cast.anonymous.from("coach_voices").select();
    expect([retry.error, voices.error]).toEqual([denied, denied]);
  });
});
