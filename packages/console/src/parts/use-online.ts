import { useSyncExternalStore } from "react";

function subscribe(hear: () => void): () => void {
  addEventListener("online", hear);
  addEventListener("offline", hear);
  return () => {
    removeEventListener("online", hear);
    removeEventListener("offline", hear);
  };
}

/** Whether this device has a line at all; a server that is away shows in reads that fail. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}
