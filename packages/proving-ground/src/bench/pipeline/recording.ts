import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import {
  addRecording,
  pathFor,
  sampleClip,
  uploadVideo,
} from "../../../../../supabase/functions/_shared/testing/recordings.ts";
import { createUser } from "../../support/create-user.ts";
import { connect } from "../connect.ts";
import type { StackProcess } from "../start-stack-process.ts";
import { remarks } from "./instant-providers.ts";

const deadlineMs = 60_000;
const pollMs = 5;

/** A signed-in person who uploads, as an app does it. */
export interface Uploader {
  /** A video in bucket `raw` that no recording speaks of yet. */
  upload(): Promise<string>;
  /**
   * Adds a recording of each video, its upload complete, asks for the analysis unless `silently`,
   * and returns with the milliseconds from the first of it until the last audio can be read.
   */
  finish(videos: string[], options: { silently: boolean }): Promise<number>;
  close(): Promise<void>;
}

export async function signUp(stack: StackProcess): Promise<Uploader> {
  const user = await createUser(stack, "bench");
  const clip = await sampleClip();
  const db = await connect(stack.dbUrl);
  return {
    async upload() {
      const path = pathFor(user);
      await uploadVideo(user, path, clip);
      return path;
    },
    async finish(videos, { silently }) {
      const began = performance.now();
      const recordingIds = await Promise.all(
        videos.map(async (path) => {
          const { id } = await addRecording(user, "completed", path);
          if (silently) return id;
          const body = { videoRecordingId: id };
          const { error } = await user.client.functions.invoke("ai-analyze-video", { body });
          if (error) throw error;
          return id;
        }),
      );
      while ((await spoken(db, recordingIds)) < videos.length * remarks) {
        if (performance.now() - began > deadlineMs) throw new Error("The audio did not come.");
        await sleep(pollMs);
      }
      return performance.now() - began;
    },
    close: () => db.end(),
  };
}

async function spoken(db: pg.Client, recordingIds: number[]): Promise<number> {
  const { rows } = await db.query<{ spoken: number; failed: number }>(
    `select count(*) filter (where f.audio_status = 'completed')::int as spoken,
       count(*) filter (where 'failed' in (f.ssml_status, f.audio_status))::int as failed
     from public.analysis_jobs as j
     join public.analysis_feedback as f on f.analysis_job_id = j.id
     where j.video_recording_id = any ($1)`,
    [recordingIds],
  );
  if ((rows[0]?.failed ?? 0) > 0) throw new Error("Some feedback failed.");
  return rows[0]?.spoken ?? 0;
}
