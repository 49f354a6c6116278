/** What there is to read of a recording, and what hints about it mean. */
import { createStore, type StoreApi } from "zustand/vanilla";
import { mergeAll, mergeFeedback } from "./merge-reads.ts";
import { isSettled } from "./progress.ts";
import type { RecordingSource } from "./recording-source.ts";
import { initialState, type RecordingState } from "./recording-state.ts";
import { startWatch, type Watcher } from "./watch.ts";

/** One transaction is one step, but its changes are told one after the other. */
const gatherMs = 15;

export function startWatcher(
  recordingId: number,
  source: RecordingSource,
  store: StoreApi<RecordingState> = createStore(() => initialState(recordingId)),
): Watcher & { store: StoreApi<RecordingState> } {
  const watcher = startWatch<RecordingState>(
    {
      gatherMs,
      async read(ids, signal) {
        return ids === null
          ? mergeAll(await source.readAll(signal))
          : mergeFeedback(await source.readFeedback([...ids], signal));
      },
      subscribe(hear) {
        const { recording, phase } = store.getState();
        if (phase !== "ready" || !recording) return null;
        return source.subscribe(recording, (hint) => {
          if (hint.kind !== "changed") return hear(hint);
          const { feedback, committedAt } = hint;
          const jobId = store.getState().job?.id;
          // Of another recording of the same owner's.
          if (feedback && jobId !== undefined && feedback.jobId !== jobId) return;
          hear({ kind: "changed", part: feedback?.id ?? null, committedAt });
        });
      },
      outlook(state) {
        if (state.phase === "missing") return "gone";
        return isSettled(state) ? "settled" : "moving";
      },
    },
    store,
  );
  return { ...watcher, store };
}
