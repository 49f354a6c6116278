/** From the database's rows to what an app sees; the one place that knows both. */
import { briefSchema } from "@sideline/contracts";
import type { Database } from "@sideline/database";
import type {
  Feedback,
  Job,
  Metric,
  Recording,
  StageState,
  StageStatus,
  UploadStatus,
} from "./recording-state.ts";

type Row<Table extends keyof Database["public"]["Tables"]> =
  Database["public"]["Tables"][Table]["Row"];

type FeedbackRow = Row<"analysis_feedback"> & {
  analysis_ssml_segments: Row<"analysis_ssml_segments">[];
  analysis_audio_segments: Row<"analysis_audio_segments">[];
};

export function recordingOf(row: Row<"video_recordings">): Recording {
  return {
    id: row.id,
    userId: row.user_id,
    filename: row.filename,
    storagePath: row.storage_path,
    mimeType: row.mime_type,
    fileSize: row.file_size,
    durationSeconds: row.duration_seconds,
    language: row.language,
    sessionId: row.session_id,
    uploadStatus: uploadStatus(row.upload_status),
    errorCode: row.error_code,
    lastError: row.last_error,
    createdAt: row.created_at,
  };
}

export function jobOf(row: Row<"analysis_jobs">, metrics: Row<"analysis_metrics">[]): Job {
  return {
    ...stageState(row),
    id: row.id,
    title: row.title,
    summary: row.summary,
    confidence: row.confidence,
    model: row.model,
    note: row.note,
    // A brief of another version is not shown, and keeps nothing else from being.
    brief: briefSchema.safeParse(row.brief).data ?? null,
    sessionId: row.session_id,
    sessionRevision: row.session_revision,
    metrics: metrics.map(metricOf).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

function metricOf(row: Row<"analysis_metrics">): Metric {
  return { key: row.metric_key, value: row.metric_value, unit: row.unit };
}

export function feedbackOf(row: FeedbackRow): Feedback {
  return {
    id: row.id,
    jobId: row.analysis_job_id,
    startSeconds: row.start_seconds,
    endSeconds: row.end_seconds,
    category: row.category,
    severity: row.severity,
    confidence: row.confidence,
    message: row.message,
    drill: row.drill,
    ruleId: row.rule_id,
    ssml: stageState({
      status: row.ssml_status,
      attempts: row.ssml_attempts,
      error_code: row.ssml_error_code,
      last_error: row.ssml_last_error,
      updated_at: row.ssml_updated_at,
    }),
    audio: stageState({
      status: row.audio_status,
      attempts: row.audio_attempts,
      error_code: row.audio_error_code,
      last_error: row.audio_last_error,
      updated_at: row.audio_updated_at,
    }),
    ssmlSegments: row.analysis_ssml_segments
      .map(({ segment_index, ssml, provider }) => ({ index: segment_index, ssml, provider }))
      .toSorted(byIndex),
    audioSegments: row.analysis_audio_segments
      .map(({ segment_index, audio_url, format, duration_ms, provider }) => ({
        index: segment_index,
        path: audio_url,
        format,
        durationMs: duration_ms,
        provider,
      }))
      .toSorted(byIndex),
  };
}

function byIndex(a: { index: number }, b: { index: number }): number {
  return a.index - b.index;
}

type StageColumns = Pick<
  Row<"analysis_jobs">,
  "status" | "attempts" | "error_code" | "last_error" | "updated_at"
>;

function stageState(row: StageColumns): StageState {
  return {
    status: stageStatus(row.status, row.error_code),
    attempts: row.attempts,
    errorCode: row.error_code,
    lastError: row.last_error,
    updatedAt: row.updated_at,
  };
}

/** What is queued after an error waits: for a provider, for another try, for the next day. */
export function stageStatus(status: string, errorCode: string | null): StageStatus {
  if (status === "processing" || status === "completed" || status === "failed") return status;
  return errorCode === null ? "queued" : "waiting";
}

export function uploadStatus(status: string): UploadStatus {
  return status === "uploading" || status === "completed" || status === "failed"
    ? status
    : "pending";
}
