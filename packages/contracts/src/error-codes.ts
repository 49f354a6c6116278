import { z } from "zod";

/**
 * Why a recording or a stage failed, or what it waits for: the values of every `error_code` column.
 * The names are stable; clients choose their wording and their next step by them.
 */
export const errorCodeSchema = z.enum([
  // The upload never became a stored video.
  "upload_failed",
  "file_too_large",
  "mime_type_not_allowed",
  "upload_abandoned",
  // The stored object cannot be analysed.
  "video_missing",
  "video_empty",
  "video_unreadable",
  "video_too_long",
  // A provider did not do its part.
  "provider_rate_limited",
  "provider_unavailable",
  "provider_pending",
  "provider_key_invalid",
  "provider_quota_exceeded",
  "provider_rejected",
  "provider_blocked",
  "reply_invalid",
  // What was made is not fit to be heard.
  "nothing_to_say",
  "language_not_spoken",
  "ssml_invalid",
  "ssml_refused",
  "audio_invalid",
  "audio_silent",
  "audio_too_large",
  "audio_deleted",
  // A video cannot be made.
  "element_missing",
  "element_unreadable",
  "element_too_large",
  "element_out_of_range",
  "render_too_long",
  "render_too_large",
  "render_invalid",
  // A message cannot be sent.
  "message_refused",
  "message_unanswered",
  "message_not_configured",
  "address_not_allowed",
  // The pipeline itself.
  "lease_expired",
  "quota_exceeded",
  "deferred_too_long",
  "out_of_time",
  "out_of_memory",
  "internal_error",
]);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** Those of a recording: why its upload failed. */
export const uploadErrorCodeSchema = errorCodeSchema.extract([
  "upload_failed",
  "file_too_large",
  "mime_type_not_allowed",
  "upload_abandoned",
  "video_empty",
  "video_unreadable",
  "video_too_long",
]);
export type UploadErrorCode = z.infer<typeof uploadErrorCodeSchema>;

/** The `code` of a function's HTTP error response. */
export const apiErrorCodeSchema = z.enum([
  "invalid_request",
  "unauthorized",
  "forbidden",
  "not_found",
  "method_not_allowed",
  "upload_incomplete",
  "not_failed",
  "too_many_retries",
  "feedback_incomplete",
  "render_refused",
  "too_many_renders",
  "misconfigured",
  "internal_error",
]);
export type ApiErrorCode = z.infer<typeof apiErrorCodeSchema>;

/** The body of every HTTP error response of a function: one sentence and a stable code. */
export const apiErrorSchema = z.object({
  code: apiErrorCodeSchema,
  message: z.string(),
  /** Of `render_refused`: which rule is broken, e.g. `fps_out_of_range`. */
  reason: z.string().optional(),
});
export type ApiError = z.infer<typeof apiErrorSchema>;
