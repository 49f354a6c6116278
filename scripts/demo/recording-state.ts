import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";

/** Everything about one recording that its owner can watch change. */
export interface RecordingState {
  recordingId: number;
  uploadStatus: string;
  /** As measured by the analysis; null before. */
  durationSeconds: number | null;
  job: JobState | null;
  /** In the order of the clip. */
  feedback: FeedbackState[];
  /** When what is new in it was committed, in ms since 1970; absent where it was read. */
  committedAt?: number;
}

export interface JobState {
  id: number;
  status: string;
  model: string | null;
  errorCode: string | null;
  lastError: string | null;
}

export interface FeedbackState {
  id: number;
  startSeconds: number;
  endSeconds: number;
  category: string;
  severity: string;
  message: string;
  ssmlStatus: string;
  audioStatus: string;
  /** Why the SSML or the audio failed, if it did. */
  errorCode: string | null;
}

/** Reads the state as the signed-in owner sees it. */
export async function readRecordingState(
  client: SupabaseClient<Database>,
  recordingId: number,
): Promise<RecordingState> {
  const { data: recording } = await client
    .from("video_recordings")
    .select("upload_status, duration_seconds")
    .eq("id", recordingId)
    .single()
    .throwOnError();
  const { data: job } = await client
    .from("analysis_jobs")
    .select("id, status, model, error_code, last_error")
    .eq("video_recording_id", recordingId)
    .maybeSingle()
    .throwOnError();
  return {
    recordingId,
    uploadStatus: recording.upload_status,
    durationSeconds: recording.duration_seconds,
    job: job && jobStateOf(job),
    feedback: job ? await readFeedback(client, job.id) : [],
  };
}

async function readFeedback(
  client: SupabaseClient<Database>,
  jobId: number,
): Promise<FeedbackState[]> {
  const { data } = await client
    .from("analysis_feedback")
    .select(
      "id, start_seconds, end_seconds, category, severity, message, ssml_status, audio_status, ssml_error_code, audio_error_code",
    )
    .eq("analysis_job_id", jobId)
    .order("start_seconds")
    .order("id")
    .throwOnError();
  return data.map(feedbackStateOf);
}

type Row<Table extends keyof Database["public"]["Tables"]> =
  Database["public"]["Tables"][Table]["Row"];

export function jobStateOf(
  job: Pick<Row<"analysis_jobs">, "id" | "status" | "model" | "error_code" | "last_error">,
): JobState {
  const { id, status, model, error_code, last_error } = job;
  return { id, status, model, errorCode: error_code, lastError: last_error };
}

export function feedbackStateOf(
  row: Pick<
    Row<"analysis_feedback">,
    | "id"
    | "start_seconds"
    | "end_seconds"
    | "category"
    | "severity"
    | "message"
    | "ssml_status"
    | "audio_status"
    | "ssml_error_code"
    | "audio_error_code"
  >,
): FeedbackState {
  return {
    id: row.id,
    startSeconds: row.start_seconds,
    endSeconds: row.end_seconds,
    category: row.category,
    severity: row.severity,
    message: row.message,
    ssmlStatus: row.ssml_status,
    audioStatus: row.audio_status,
    errorCode: row.ssml_error_code ?? row.audio_error_code,
  };
}

/** Nothing of this recording will change any more by itself. */
export function isSettled({ job, feedback }: RecordingState): boolean {
  if (job?.status === "failed") return true;
  return job?.status === "completed" && feedback.every(isFeedbackSettled);
}

function isFeedbackSettled({ ssmlStatus, audioStatus }: FeedbackState): boolean {
  return ssmlStatus === "failed" || audioStatus === "completed" || audioStatus === "failed";
}
