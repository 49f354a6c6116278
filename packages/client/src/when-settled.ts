import type { StoreApi } from "zustand/vanilla";
import { isSettled, isWaiting } from "./progress.ts";
import type { RecordingState } from "./recording-state.ts";

/**
 * The first state in which nothing of the recording will change any more by itself.
 * @param patienceMs gives up when nothing has changed for so long and nothing is known to wait
 * @throws Error when its patience is at an end, or the reason of `signal`
 */
export function whenSettled(
  store: StoreApi<RecordingState>,
  { patienceMs, signal }: { patienceMs?: number; signal?: AbortSignal } = {},
): Promise<RecordingState> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener("abort", abort);
      settle();
    };
    const abort = () => end(() => reject(signal?.reason));
    const look = (state: RecordingState) => {
      if (isSettled(state)) return end(() => resolve(state));
      clearTimeout(timer);
      if (patienceMs === undefined || isWaiting(state)) return;
      const message = `Nothing has changed for ${Math.round(patienceMs / 1000)} s.`;
      timer = setTimeout(() => end(() => reject(new Error(message))), patienceMs);
    };
    const unsubscribe = store.subscribe((state, before) => {
      if (isNews(state, before)) look(state);
    });
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    else look(store.getState());
  });
}

/** Whether more changed than how the state was come by. */
function isNews(state: RecordingState, before: RecordingState): boolean {
  return (
    state.phase !== before.phase ||
    state.recording !== before.recording ||
    state.job !== before.job ||
    state.feedback !== before.feedback
  );
}
