import type { Json } from "@sideline/database";
import type { Attempt } from "../worker/attempt.ts";
import { collectingLog } from "./collecting-log.ts";

export interface RecordedAttempt extends Attempt {
  kept: Json[];
  /** The item comes to its end. */
  end(): Promise<void>;
}

/** Tests only: an attempt that remembers what it was asked to keep. */
export function recordedAttempt(): RecordedAttempt {
  const kept: Json[] = [];
  const cleanUps: (() => Promise<void>)[] = [];
  return {
    signal: new AbortController().signal,
    log: collectingLog().log,
    kept,
    mayPass: () => true,
    keep: async (progress) => void kept.push(progress),
    atEnd: (cleanUp) => void cleanUps.push(cleanUp),
    async end() {
      for (const cleanUp of cleanUps) await cleanUp();
    },
  };
}
