import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { feedbackOf, jobOf, recordingOf } from "./from-rows.ts";
import type { Feedback, RecordingSnapshot } from "./recording-state.ts";

/** supabase-js tries no read again: the watch does, and knows when the line is back. */
const isTriedAgain = false;

const feedbackColumns = "*, analysis_ssml_segments(*), analysis_audio_segments(*)";

/**
 * A recording with all that came of it, in one statement: what it returns was true at one moment.
 * @returns null where there is no such recording, or it is not the caller's
 */
export async function readRecording(
  client: SupabaseClient<Database>,
  recordingId: number,
  signal: AbortSignal,
): Promise<RecordingSnapshot | null> {
  const { data } = await client
    .from("video_recordings")
    .select(`*, analysis_jobs(*, analysis_metrics(*), analysis_feedback(${feedbackColumns}))`)
    .eq("id", recordingId)
    .abortSignal(signal)
    .retry(isTriedAgain)
    .maybeSingle()
    .throwOnError();
  if (!data) return null;
  const { analysis_jobs: job, ...recording } = data;
  return {
    recording: recordingOf(recording),
    job: job && jobOf(job, job.analysis_metrics),
    feedback: inOrder((job?.analysis_feedback ?? []).map(feedbackOf)),
  };
}

/** Some remarks with their segments, in one statement. What was deleted is not among them. */
export async function readFeedback(
  client: SupabaseClient<Database>,
  ids: number[],
  signal: AbortSignal,
): Promise<Feedback[]> {
  const { data } = await client
    .from("analysis_feedback")
    .select(feedbackColumns)
    .in("id", ids)
    .abortSignal(signal)
    .retry(isTriedAgain)
    .throwOnError();
  return data.map(feedbackOf);
}

/** In the order of the clip. */
export function inOrder(feedback: Feedback[]): Feedback[] {
  return feedback.toSorted((a, b) => a.startSeconds - b.startSeconds || a.id - b.id);
}
