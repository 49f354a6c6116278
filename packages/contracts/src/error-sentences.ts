import type { ErrorCode } from "./error-codes.ts";
import { videoTypeNames } from "./video-types.ts";

/**
 * The sentence that an owner reads for each code, as `last_error`. It is ours: what a provider said
 * goes to the log alone, where keys and projects are struck out.
 */
export const errorSentences: Record<ErrorCode, string> = {
  upload_failed: "The upload failed.",
  file_too_large: "The video file is larger than 500 MiB.",
  mime_type_not_allowed: `This kind of video file is not supported: save it as ${videoTypeNames}.`,
  upload_abandoned: "The upload never came to an end.",
  video_missing: "The video is not in the storage.",
  video_empty: "The video file is empty.",
  video_unreadable: "The video cannot be read: the file is damaged, or it is no video.",
  video_too_long: "The video is longer than 60 minutes.",
  provider_rate_limited: "The service that does this step has too much to do.",
  provider_unavailable: "The service that does this step cannot be reached.",
  provider_pending: "The video is still being read.",
  provider_key_invalid: "The service that does this step refuses our access.",
  provider_quota_exceeded: "What may be asked of the service today is used up.",
  provider_rejected: "The service that does this step rejected the request.",
  provider_blocked: "The service that does this step declined the content.",
  reply_invalid: "The model's answer broke the rules.",
  nothing_to_say: "There is nothing in this remark that can be spoken.",
  language_not_spoken: "No voice speaks this language: choose a voice, or another language.",
  ssml_invalid: "The remark cannot be written as speech.",
  ssml_refused: "The speech service cannot speak what was written.",
  audio_invalid: "The spoken audio is damaged.",
  audio_silent: "The spoken audio is silent.",
  audio_too_large: "The spoken audio is too large to be stored.",
  audio_deleted: "Its owner deleted this audio.",
  element_missing: "A file that the video is made of is not in the storage.",
  element_unreadable: "A file that the video is made of cannot be read, or is not of its kind.",
  element_too_large: "A file that the video is made of is too large: 4,096 pixels a side, 500 MiB.",
  element_out_of_range: "A part of the video begins after its source, or the video, has ended.",
  render_too_long: "The video would be longer than two hours.",
  render_too_large: "The video that was made is too large to be stored.",
  render_invalid: "The video that was made is not in order.",
  message_refused: "The address that the message went to refused it.",
  message_unanswered: "The address that the message went to does not answer, or is at fault.",
  message_not_configured: "This way of sending messages is not set up here.",
  address_not_allowed: "Messages go to public https addresses alone.",
  lease_expired: "Its workers vanished again and again.",
  quota_exceeded: "Today's quota is used up.",
  deferred_too_long: "It waited for too long.",
  out_of_time: "This step took too long.",
  out_of_memory: "The video needs more memory than there is: use fewer or smaller parts.",
  internal_error: "An unexpected error stopped this step.",
};

/** What can be wrong with a video file, more closely than its code says. */
export const videoFaults = {
  not_a_video: "The file is not a video.",
  cut_off: "The video is cut off: a part of the file is missing.",
  damaged: "The video is damaged: its structure cannot be followed.",
  sound_only: "The file has sound only: there is no video in it.",
  no_frames: "The video has no frames.",
} as const;
export type VideoFault = keyof typeof videoFaults;
