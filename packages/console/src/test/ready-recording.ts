import { createServiceClient } from "@sideline/proving-ground/testing";
import type postgres from "postgres";

interface Stored {
  bytes: Uint8Array<ArrayBuffer>;
  type: "video/mp4" | "audio/wav";
}

/** @param place bucket and name */
export async function store(
  stack: Parameters<typeof createServiceClient>[0],
  place: [bucket: string, path: string],
  { bytes, type }: Stored,
): Promise<void> {
  const { error } = await createServiceClient(stack)
    .storage.from(place[0])
    .upload(place[1], new Blob([bytes], { type }));
  if (error) throw error;
}

/**
 * A recording of theirs whose feedback is complete, made by no worker: one remark, which is heard
 * where there is a sound for it, and else read only.
 */
export async function readyRecording(
  stack: Parameters<typeof createServiceClient>[0],
  admin: postgres.Sql,
  { email, clip, sound }: { email: string; clip: Stored; sound?: Stored },
): Promise<{ userId: string; recordingId: number }> {
  const [user] = await admin<{ id: string }[]>`select id from auth.users where email = ${email}`;
  const userId = user?.id ?? "";
  const [video, voice] = [`${userId}/clip.mp4`, `${userId}/remark.wav`];
  await store(stack, ["raw", video], clip);
  if (sound) await store(stack, ["processed", voice], sound);
  const spoken = { status: sound ? "completed" : "failed", code: sound ? null : "ssml_invalid" };
  return await admin.begin(async (sql) => {
    // Nothing is handed to the pipeline.
    await sql`set local session_replication_role = replica`;
    const [row] = await sql<{ id: number; remark: number }[]>`
      with recording as (
        insert into public.video_recordings (user_id, filename, storage_path, upload_status)
        values (${userId}, 'clip.mp4', ${video}, 'completed') returning id
      ), job as (
        insert into public.analysis_jobs (video_recording_id, user_id, coach, status)
        select id, ${userId}, '{}', 'completed' from recording returning id
      ), remark as (
        insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
          category, severity, confidence, message, ssml_status, ssml_error_code, audio_status)
        select id, ${userId}, 1, 2, 'motion', 'low', 0.5, 'Hop.', ${spoken.status}, ${spoken.code},
          ${sound ? "completed" : "queued"} from job returning id
      )
      select recording.id::int, remark.id::int as remark from recording, remark`;
    if (sound) {
      await sql`insert into public.analysis_ssml_segments (feedback_id, ssml)
        values (${row?.remark ?? 0}, '<speak>Hop.</speak>')`;
      await sql`insert into public.analysis_audio_segments
          (feedback_id, audio_url, format, duration_ms, provider)
        values (${row?.remark ?? 0}, ${voice}, 'wav', 1000, 'google-cloud-tts')`;
    }
    return { userId, recordingId: row?.id ?? 0 };
  });
}
