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
  /** As in its row, but `waiting` where it is queued after an error; so are those of feedback. */
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
  /** Why the SSML or the audio failed or has to wait, if it does. */
  errorCode: string | null;
  /** The same as a sentence. */
  lastError: string | null;
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
      "id, start_seconds, end_seconds, category, severity, message, ssml_status, audio_status, ssml_error_code, audio_error_code, ssml_last_error, audio_last_error",
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
  const shown = shownStatus(status, error_code);
  return { id, status: shown, model, errorCode: error_code, lastError: last_error };
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
    | "ssml_last_error"
    | "audio_last_error"
  >,
): FeedbackState {
  return {
    id: row.id,
    startSeconds: row.start_seconds,
    endSeconds: row.end_seconds,
    category: row.category,
    severity: row.severity,
    message: row.message,
    ssmlStatus: shownStatus(row.ssml_status, row.ssml_error_code),
    audioStatus:
      row.ssml_status === "completed"
        ? shownStatus(row.audio_status, row.audio_error_code)
        : row.audio_status,
    errorCode: row.ssml_error_code ?? row.audio_error_code,
    lastError: row.ssml_last_error ?? row.audio_last_error,
  };
}

/** What is queued after an error waits: for a provider, for another try, for the next day. */
function shownStatus(status: string, errorCode: string | null): string {
  return status === "queued" && errorCode !== null ? "waiting" : status;
}

/** Nothing of this recording will change any more by itself. */
export function isSettled({ job, feedback }: RecordingState): boolean {
  if (job?.status === "failed") return true;
  return job?.status === "completed" && feedback.every(isFeedbackSettled);
}

/** Something waits for what no patience of the watcher's can shorten. */
export function isWaiting({ job, feedback }: RecordingState): boolean {
  if (job?.status === "waiting") return true;
  return feedback.some(
    ({ ssmlStatus, audioStatus }) => ssmlStatus === "waiting" || audioStatus === "waiting",
  );
}

function isFeedbackSettled({ ssmlStatus, audioStatus }: FeedbackState): boolean {
  return ssmlStatus === "failed" || audioStatus === "completed" || audioStatus === "failed";
}
