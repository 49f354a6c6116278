/**
 * Why a file cannot be analysed: what it is instead of a whole video. The message is one sentence
 * for the person who uploaded it and becomes the `error.message` of a FAILED file.
 */
export class UnreadableVideoError extends Error {
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UnreadableVideoError";
    this.reason = reason;
  }
}

export type UnreadableReason =
  | "empty"
  | "not_a_video"
  | "truncated"
  | "audio_only"
  | "no_video"
  | "no_frames"
  | "damaged";
