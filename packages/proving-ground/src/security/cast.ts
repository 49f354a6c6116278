import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "@sideline/database";
import { projectDirectory } from "@sideline/local-stack";
import type { SupabaseClient } from "@supabase/supabase-js";
import { expect } from "vitest";
import { createAnonymousClient, createUser, type TestUser } from "../support/create-user.ts";
import type { TestStack } from "../support/test-stack.ts";

/** Everyone who tries, and what they try it on: an owner's recording with all its results. */
export interface Cast {
  owner: TestUser;
  stranger: TestUser;
  /** The publishable key alone. */
  anonymous: SupabaseClient<Database>;
  /** The owner's recording, its job, and one of its remarks, all of which are spoken. */
  recordingId: number;
  jobId: number;
  feedbackId: number;
  videoPath: string;
  audioPath: string;
}

/** Signs everyone up and lets the pipeline make the owner's results, as in production. */
export async function assembleCast(stack: TestStack): Promise<Cast> {
  const owner = await createUser(stack, "owner");
  const stranger = await createUser(stack, "stranger");
  const videoPath = `${owner.userId}/clip.mp4`;
  const clip = await readFile(join(projectDirectory, "samples", "rally.mp4"));
  const { error } = await owner.client.storage
    .from("raw")
    .upload(videoPath, clip, { contentType: "video/mp4" });
  if (error) throw error;
  const { data: row } = await owner.client
    .from("video_recordings")
    .insert({
      user_id: owner.userId,
      filename: "clip.mp4",
      storage_path: videoPath,
      mime_type: "video/mp4",
      file_size: clip.length,
      upload_status: "completed",
    })
    .select("id")
    .single()
    .throwOnError();
  const { jobId, feedbackId } = await spokenResults(owner.client, row.id);
  const { data: segments } = await owner.client
    .from("analysis_audio_segments")
    .select("audio_url")
    .throwOnError();
  const audioPath = segments[0]?.audio_url;
  if (!audioPath) throw new Error("the owner's recording has no audio");
  const anonymous = createAnonymousClient(stack);
  return {
    owner,
    stranger,
    anonymous,
    recordingId: row.id,
    jobId,
    feedbackId,
    videoPath,
    audioPath,
  };
}

/** Waits until every remark of the recording can be heard. */
async function spokenResults(client: SupabaseClient<Database>, recordingId: number) {
  const read = () =>
    client
      .from("analysis_jobs")
      .select("id, status, analysis_feedback (id, audio_status)")
      .eq("video_recording_id", recordingId)
      .single()
      .throwOnError();
  await expect
    .poll(
      async () => {
        const { data } = await read();
        return [data.status, ...new Set(data.analysis_feedback.map((each) => each.audio_status))];
      },
      { timeout: 30_000 },
    )
    .toEqual(["completed", "completed"]);
  const { data: job } = await read();
  const [feedback] = job.analysis_feedback;
  if (!feedback) throw new Error("the owner's recording has no feedback");
  return { jobId: job.id, feedbackId: feedback.id };
}
