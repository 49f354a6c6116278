import type { Feedback, Recording, RecordingSnapshot } from "./recording-state.ts";
import type { Hint } from "./watch.ts";

/**
 * Where a watcher gets its knowledge from: the database, or in tests a model of it. Only reads carry
 * data; what a subscription tells is a hint that there is something to read.
 */
export interface RecordingSource {
  /** All of it, as of one moment not earlier than the call; null where there is none. */
  readAll(signal: AbortSignal): Promise<RecordingSnapshot | null>;
  /** Some remarks, likewise; those that are gone are not among them. */
  readFeedback(ids: number[], signal: AbortSignal): Promise<Feedback[]>;
  /** @returns ends the subscription */
  subscribe(recording: Recording, hear: (hint: RecordingHint) => void): () => Promise<void>;
}

export type RecordingHint =
  | Exclude<Hint, { kind: "changed" }>
  /** The recording or its job changed. */
  | { kind: "changed"; feedback: null; committedAt: number }
  /** A remark changed, of this recording or of another one of its owner's. */
  | { kind: "changed"; feedback: { id: number; jobId: number }; committedAt: number };
