import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { RendersState } from "../renders/render-state.ts";
import type { SharedStore } from "../shared-store.ts";
import { useSideline } from "./sideline-provider.ts";

/** The renders of a recording as they are now, for as long as the component is mounted. */
export function useRenders(
  recordingId: number,
): RendersState & { refresh: SharedStore<RendersState>["refresh"] } {
  const sideline = useSideline();
  const renders = useMemo(() => sideline.rendersOf(recordingId), [sideline, recordingId]);
  useEffect(() => {
    const letGo = renders.hold();
    return () => void letGo();
  }, [renders]);
  return { ...useStore(renders.store), refresh: renders.refresh };
}
