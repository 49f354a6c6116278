import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectDirectory } from "@sideline/local-stack";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import pg from "pg";
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
  const client = createClient(stack.apiUrl, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const { data, error } = await client.auth.signUp({
    email: `bench-${randomBytes(6).toString("hex")}@sideline.test`,
    password: randomBytes(12).toString("base64url"),
  });
  if (error || !data.user) throw error ?? new Error("sign-up returned no user");
  const userId = data.user.id;
  const clip = await readFile(path.join(projectDirectory, "samples/rally.mp4"));
  const db = new pg.Client(stack.dbUrl);
  await db.connect();

  return {
    async upload() {
      const name = `${userId}/${randomUUID()}.mp4`;
      const options = { contentType: "video/mp4" };
      const { error } = await client.storage.from("raw").upload(name, clip, options);
      if (error) throw error;
      return name;
    },
    async finish(videos, { silently }) {
      const began = performance.now();
      const recordingIds = await Promise.all(
        videos.map(async (name) => {
          const videoRecordingId = await addRecording(client, name);
          if (silently) return videoRecordingId;
          const body = { videoRecordingId };
          const { error } = await client.functions.invoke("ai-analyze-video", { body });
          if (error) throw error;
          return videoRecordingId;
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

async function addRecording(client: SupabaseClient, name: string): Promise<number> {
  const { data } = await client
    .from("video_recordings")
    .insert({
      filename: "rally.mp4",
      storage_path: name,
      mime_type: "video/mp4",
      upload_status: "completed",
    })
    .select("id")
    .single()
    .throwOnError();
  return Number(data.id);
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
