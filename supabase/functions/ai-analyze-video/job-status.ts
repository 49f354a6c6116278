import { type StatusResponse, statusResponseSchema } from "@sideline/contracts";

/** What a status answer is made of. */
export const statusColumns = `id, video_recording_id, status, attempts, error_code, last_error,
  title, summary, confidence, note, model,
  analysis_feedback (
    id, start_seconds, end_seconds, category, severity, message,
    ssml_status, ssml_error_code, ssml_last_error,
    audio_status, audio_error_code, audio_last_error
  )` as const;

/** A row of `analysis_jobs` with its feedback, as far as `statusColumns` reads it. */
interface JobRow {
  id: number;
  video_recording_id: number;
  status: string;
  attempts: number;
  error_code: string | null;
  last_error: string | null;
  title: string | null;
  summary: string | null;
  confidence: number | null;
  note: string | null;
  model: string | null;
  analysis_feedback: {
    id: number;
    start_seconds: number;
    end_seconds: number;
    category: string;
    severity: string;
    message: string;
    ssml_status: string;
    ssml_error_code: string | null;
    ssml_last_error: string | null;
    audio_status: string;
    audio_error_code: string | null;
    audio_last_error: string | null;
  }[];
}

/** The answer for a job. Throws when the database holds a status or code of no name. */
export function statusOf(job: JobRow): StatusResponse {
  return statusResponseSchema.parse({
    analysisJobId: job.id,
    videoRecordingId: job.video_recording_id,
    status: job.status,
    attempts: job.attempts,
    errorCode: job.error_code,
    error: job.last_error,
    title: job.title,
    summary: job.summary,
    confidence: job.confidence,
    note: job.note,
    model: job.model,
    feedback: job.analysis_feedback.map((item) => ({
      id: item.id,
      startSeconds: item.start_seconds,
      endSeconds: item.end_seconds,
      category: item.category,
      severity: item.severity,
      message: item.message,
      ssml: {
        status: item.ssml_status,
        errorCode: item.ssml_error_code,
        error: item.ssml_last_error,
      },
      audio: {
        status: item.audio_status,
        errorCode: item.audio_error_code,
        error: item.audio_last_error,
      },
    })),
  });
}
