import type { Json } from "@sideline/database";
import type { PaidCall } from "../ledger/ledger.ts";
import type { Attempt } from "../worker/attempt.ts";
import { collectingLog } from "./collecting-log.ts";
import { type MemoryLedger, memoryLedger } from "./memory-ledger.ts";

export interface RecordedAttempt extends Attempt {
  kept: Json[];
  ledger: MemoryLedger;
  /** The item comes to its end. */
  end(): Promise<void>;
}

/**
 * Tests only: an attempt that remembers what it was asked to keep. `calls` are what earlier ones
 * have paid for.
 */
export function recordedAttempt(calls: PaidCall[] = []): RecordedAttempt {
  const kept: Json[] = [];
  const cleanUps: (() => Promise<void>)[] = [];
  const ledger = memoryLedger(calls);
  return {
    signal: new AbortController().signal,
    log: collectingLog().log,
    ledger,
    kept,
    mayPass: () => true,
    keep: async (progress) => void kept.push(progress),
    atEnd: (cleanUp) => void cleanUps.push(cleanUp),
    async end() {
      for (const cleanUp of cleanUps) await cleanUp();
    },
  };
}
