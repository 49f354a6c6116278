/** What an app sees of one session: plain data, replaced and never changed in place. */
import type { Session, SessionHistory } from "@sideline/contracts";
import type { WatchedState } from "../watch.ts";

export interface SessionState extends WatchedState, SessionHistory {
  /** `missing`: deleted, another's, or never there. */
  phase: "loading" | "ready" | "missing";
  session: Session | null;
}

export const initialSession = (): SessionState => ({
  phase: "loading",
  connection: "connecting",
  readError: null,
  committedAt: null,
  session: null,
  revisions: [],
  drafts: [],
  resolutions: [],
});
