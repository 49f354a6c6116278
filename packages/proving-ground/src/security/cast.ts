import { createSideline, whenSettled } from "@sideline/client";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import {
  addRecording,
  pathFor,
  sampleClip,
  uploadVideo,
} from "../../../../supabase/functions/_shared/testing/recordings.ts";
import { createAnonymousClient, createUser, type TestUser } from "../support/create-user.ts";
import type { TestStack } from "../support/test-stack.ts";

/** Everyone who tries, and what they try it on: an owner's recording with all its results. */
export interface Cast {
  owner: TestUser;
  stranger: TestUser;
  /** The publishable key alone. */
  anonymous: SupabaseClient<Database>;
  /** The owner's recording and its job; all remarks are spoken. */
  recordingId: number;
  jobId: number;
  videoPath: string;
  audioPath: string;
}

/** Signs everyone up and lets the pipeline make the owner's results, as in production. */
export async function assembleCast(stack: TestStack): Promise<Cast> {
  const owner = await createUser(stack, "owner");
  const stranger = await createUser(stack, "stranger");
  const videoPath = pathFor(owner);
  await uploadVideo(owner, videoPath, await sampleClip());
  const recording = await addRecording(owner, "completed", videoPath);
  const watched = createSideline(owner.client).watchRecording(recording.id);
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
    recordingId: recording.id,
    jobId: job.id,
    videoPath,
    audioPath,
  };
}
