import { createStore, type StoreApi } from "zustand/vanilla";
import type { RecordingSource } from "./recording-source.ts";
import { initialState, type RecordingState } from "./recording-state.ts";
import { startWatcher, type Watcher } from "./watch-recording.ts";

/** One recording's store. It is kept up to date while somebody holds it. */
export interface SharedRecording {
  store: StoreApi<RecordingState>;
  /** @returns lets it go; resolves once nothing is left of a watch that nobody holds any more */
  hold(): () => Promise<void>;
  /** Reads everything, soon, while somebody holds it. */
  refresh(): void;
}

/**
 * However many parts of an app show a recording, it is watched once. A watch ends a moment after the
 * last holder has let go: StrictMode lets go and takes hold again at once, and must not notice.
 */
export function createSharedWatchers(
  sourceOf: (recordingId: number) => RecordingSource,
  onStart: (store: StoreApi<RecordingState>) => () => void,
): (recordingId: number) => SharedRecording {
  /** From the first mention on, so that parts which are rendered together share one. */
  const recordings = new Map<number, SharedRecording>();

  return function share(recordingId) {
    const known = recordings.get(recordingId);
    if (known) return known;
    const store = createStore(() => initialState(recordingId));
    let holders = 0;
    let watcher: Watcher | null = null;
    let stopObserving = () => {};

    async function end(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve));
      if (holders > 0 || !watcher) return;
      const ended = watcher;
      watcher = null;
      stopObserving();
      if (recordings.get(recordingId) === shared) recordings.delete(recordingId);
      store.setState({ connection: "connecting" });
      await ended.stop();
    }

    const shared: SharedRecording = {
      store,
      hold() {
        holders += 1;
        if (!watcher) {
          // Whoever still had it may take hold again after it had ended.
          if (!recordings.has(recordingId)) recordings.set(recordingId, shared);
          stopObserving = onStart(store);
          watcher = startWatcher(recordingId, sourceOf(recordingId), store);
        }
        let isHeld = true;
        return async () => {
          if (isHeld) holders -= 1;
          isHeld = false;
          await end();
        };
      },
      refresh: () => watcher?.refresh(),
    };
    recordings.set(recordingId, shared);
    return shared;
  };
}
