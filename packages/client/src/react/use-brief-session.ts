import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { SessionState } from "../sessions/session-state.ts";
import type { SharedStore } from "../shared-store.ts";
import { useSideline } from "./sideline-provider.ts";

/** A session as it is now, with its history, for as long as the component is mounted. */
export function useBriefSession(
  sessionId: number,
): SessionState & { refresh: SharedStore<SessionState>["refresh"] } {
  const sideline = useSideline();
  const session = useMemo(() => sideline.session(sessionId), [sideline, sessionId]);
  useEffect(() => {
    const letGo = session.hold();
    return () => void letGo();
  }, [session]);
  return { ...useStore(session.store), refresh: session.refresh };
}
