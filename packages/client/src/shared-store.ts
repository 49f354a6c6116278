import type { StoreApi } from "zustand/vanilla";
import type { WatchedState, Watcher } from "./watch.ts";

/** A store that is kept equal to the database while somebody holds it. */
export interface SharedStore<State> {
  store: StoreApi<State>;
  /** @returns lets it go; resolves once nothing is left of a watch that nobody holds any more */
  hold(): () => Promise<void>;
  /** Reads everything, soon, while somebody holds it. */
  refresh(): void;
}

/**
 * However many parts of an app show the same, it is watched once. A watch ends a moment after the
 * last holder has let go: StrictMode lets go and takes hold again at once, and must not notice.
 */
export function shareStore<State extends WatchedState>(
  store: StoreApi<State>,
  start: () => Watcher,
): SharedStore<State> {
  let holders = 0;
  let watcher: Watcher | null = null;

  async function end(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    if (holders > 0 || !watcher) return;
    const ended = watcher;
    watcher = null;
    store.setState((state) => ({ ...state, connection: "connecting" }));
    await ended.stop();
  }

  return {
    store,
    hold() {
      holders += 1;
      watcher ??= start();
      let isHeld = true;
      return async () => {
        if (isHeld) holders -= 1;
        isHeld = false;
        await end();
      };
    },
    refresh: () => watcher?.refresh(),
  };
}
