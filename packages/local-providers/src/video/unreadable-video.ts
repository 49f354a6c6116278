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
  | "unsupported"
  | "truncated"
  | "audio_only"
  | "no_video"
  | "no_frames"
  | "damaged";

/**
 * Asks the reader of containers for something. What it cannot follow is the file's fault; an error
 * of the disk, or one of ours outside of it, is not.
 */
export async function reading<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UnreadableVideoError) throw error;
    if (error instanceof Error && "syscall" in error) throw error;
    throw new UnreadableVideoError(
      "damaged",
      "The video is damaged: its structure cannot be followed.",
      { cause: error },
    );
  }
}
