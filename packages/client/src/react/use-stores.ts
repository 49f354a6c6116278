/** The client's stores, each kept equal to the database for as long as a component shows it. */
import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { RecordingListState } from "../recording-list.ts";
import type { RecordingState } from "../recording-state.ts";
import type { RendersState } from "../renders/render-state.ts";
import type { SessionState } from "../sessions/session-state.ts";
import type { SharedStore } from "../shared-store.ts";
import { useSideline } from "./sideline-provider.ts";

type Refresh<State> = Pick<SharedStore<State>, "refresh">;

function useHeld<State>(shared: SharedStore<State>): State {
  useEffect(() => {
    const letGo = shared.hold();
    return () => void letGo();
  }, [shared]);
  return useStore(shared.store);
}

/** A recording as it is now. */
export function useRecording(recordingId: number): RecordingState {
  const sideline = useSideline();
  return useHeld(useMemo(() => sideline.recording(recordingId), [sideline, recordingId]));
}

/** The signed-in user's recordings as they are now, newest first. */
export function useRecordings(): RecordingListState {
  return useHeld(useSideline().recordings);
}

/** The renders of a recording as they are now. */
export function useRenders(recordingId: number): RendersState & Refresh<RendersState> {
  const sideline = useSideline();
  const renders = useMemo(() => sideline.rendersOf(recordingId), [sideline, recordingId]);
  return { ...useHeld(renders), refresh: renders.refresh };
}

/** A session as it is now, with its history. */
export function useBriefSession(sessionId: number): SessionState & Refresh<SessionState> {
  const sideline = useSideline();
  const session = useMemo(() => sideline.session(sessionId), [sideline, sessionId]);
  return { ...useHeld(session), refresh: session.refresh };
}
