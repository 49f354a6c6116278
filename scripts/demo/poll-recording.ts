import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { changesBetween } from "./follow.ts";
import {
  isSettled,
  isWaiting,
  type RecordingState,
  readRecordingState,
} from "./recording-state.ts";

export interface PollOptions {
  intervalMs?: number;
  /** Give up when nothing changed for so long, unless something is known to wait. */
  patienceMs?: number;
}

/**
 * The recording's state, again and again, until it is settled.
 * @throws Error when nothing has changed for `patienceMs` and nothing is known to wait
 */
export async function* pollRecording(
  client: SupabaseClient<Database>,
  recordingId: number,
  { intervalMs = 100, patienceMs = 120_000 }: PollOptions = {},
): AsyncGenerator<RecordingState> {
  let last: RecordingState | null = null;
  let lastChange = Date.now();
  while (true) {
    const state = await readRecordingState(client, recordingId);
    if (changesBetween(last, state).length > 0) lastChange = Date.now();
    yield state;
    if (isSettled(state)) return;
    if (!isWaiting(state) && Date.now() - lastChange > patienceMs) {
      throw new Error(`Nothing has changed for ${Math.round(patienceMs / 1000)} s.`);
    }
    last = state;
    await sleep(intervalMs);
  }
}
