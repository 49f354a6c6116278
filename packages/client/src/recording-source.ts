import type { Feedback, Recording, RecordingSnapshot } from "./recording-state.ts";

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
  subscribe(recording: Recording, hear: (hint: Hint) => void): () => Promise<void>;
}

export type Hint =
  /** Changes are told from here on; what happened before may not have been. */
  | { kind: "live" }
  /** Changes may go untold from here on. */
  | { kind: "lost"; reason: string }
  /** Time has passed in which nothing could be heard: the page was hidden, or offline. */
  | { kind: "woke" }
  /** The recording or its job changed. */
  | { kind: "changed"; feedback: null; committedAt: number }
  /** A remark changed, of this recording or of another one of its owner's. */
  | { kind: "changed"; feedback: { id: number; jobId: number }; committedAt: number };
