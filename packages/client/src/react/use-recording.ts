import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { RecordingState } from "../recording-state.ts";
import { useSideline } from "./sideline-provider.ts";

/** The recording as it is now, for as long as the component is mounted. */
export function useRecording(recordingId: number): RecordingState {
  const sideline = useSideline();
  const recording = useMemo(() => sideline.recording(recordingId), [sideline, recordingId]);
  useEffect(() => {
    const letGo = recording.hold();
    return () => void letGo();
  }, [recording]);
  return useStore(recording.store);
}
