import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSideline, whenSettled } from "@sideline/client";
import type { Database } from "@sideline/database";
import { projectDirectory } from "@sideline/local-stack";
import type { SupabaseClient } from "@supabase/supabase-js";
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
  const watched = createSideline(owner.client).watchRecording(row.id);
  const { job, feedback } = await whenSettled(watched.store, { patienceMs: 30_000 });
  await watched.stop();
  const [remark] = feedback;
  const audioPath = remark?.audioSegments[0]?.path;
  if (!job || !remark || !audioPath) throw new Error("the owner's recording has no audio");
  const anonymous = createAnonymousClient(stack);
  return {
    owner,
    stranger,
    anonymous,
    recordingId: row.id,
    jobId: job.id,
    feedbackId: remark.id,
    videoPath,
    audioPath,
  };
}
