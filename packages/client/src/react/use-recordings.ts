import { useEffect } from "react";
import { useStore } from "zustand";
import type { RecordingListState } from "../recording-list.ts";
import { useSideline } from "./sideline-provider.ts";

/** The signed-in user's recordings as they are now, newest first. */
export function useRecordings(): RecordingListState {
  const { recordings } = useSideline();
  useEffect(() => {
    const letGo = recordings.hold();
    return () => void letGo();
  }, [recordings]);
  return useStore(recordings.store);
}
