import type { ApiErrorCode, ErrorCode } from "@sideline/contracts";

/** Everything that can go wrong, by its stable name: of rows, of functions, and of this client. */
export type ProblemCode = ErrorCode | ApiErrorCode | ClientCode;

type ClientCode =
  /** No server was reached. */
  | "offline"
  /** The connection broke in mid-upload; what was sent is kept. */
  | "upload_interrupted"
  | "not_signed_in"
  | "too_many_uploads"
  | "too_many_requests"
  /** Somebody else changed it first. */
  | "stale_revision"
  | "unknown";

/** What a person can do about it. */
export type NextStep =
  | "retry"
  | "wait"
  | "other_video"
  | "upload_again"
  | "change_words"
  | "choose_voice"
  | "sign_in"
  | "ask_for_help";

/** Whether a retry has a chance is the code's, not the language's. */
export const nextSteps: Record<ProblemCode, NextStep> = {
  upload_failed: "upload_again",
  file_too_large: "other_video",
  mime_type_not_allowed: "other_video",
  upload_abandoned: "upload_again",
  video_missing: "upload_again",
  video_empty: "other_video",
  video_unreadable: "other_video",
  video_too_long: "other_video",
  provider_rate_limited: "wait",
  provider_unavailable: "wait",
  provider_pending: "wait",
  provider_key_invalid: "ask_for_help",
  provider_quota_exceeded: "wait",
  provider_rejected: "other_video",
  provider_blocked: "other_video",
  reply_invalid: "retry",
  nothing_to_say: "change_words",
  language_not_spoken: "choose_voice",
  ssml_invalid: "retry",
  ssml_refused: "retry",
  audio_invalid: "retry",
  audio_silent: "retry",
  audio_too_large: "change_words",
  audio_deleted: "change_words",
  element_missing: "retry",
  element_unreadable: "other_video",
  element_too_large: "other_video",
  element_out_of_range: "change_words",
  render_too_long: "other_video",
  render_too_large: "other_video",
  render_invalid: "retry",
  message_refused: "change_words",
  message_unanswered: "change_words",
  message_not_configured: "change_words",
  address_not_allowed: "change_words",
  lease_expired: "retry",
  quota_exceeded: "wait",
  deferred_too_long: "retry",
  out_of_time: "retry",
  out_of_memory: "other_video",
  internal_error: "retry",
  invalid_request: "ask_for_help",
  unauthorized: "sign_in",
  forbidden: "sign_in",
  not_found: "ask_for_help",
  method_not_allowed: "ask_for_help",
  upload_incomplete: "wait",
  not_failed: "wait",
  too_many_retries: "upload_again",
  feedback_incomplete: "wait",
  render_refused: "ask_for_help",
  too_many_renders: "wait",
  misconfigured: "ask_for_help",
  offline: "retry",
  upload_interrupted: "retry",
  not_signed_in: "sign_in",
  too_many_uploads: "wait",
  too_many_requests: "wait",
  stale_revision: "retry",
  unknown: "retry",
};

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(nextSteps, code);
}
