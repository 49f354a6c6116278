/** What an app sees of renders: plain data, replaced and never changed in place. */
import type { RenderStatus, RenderStep } from "@sideline/contracts";
import type { WatchedState } from "../watch.ts";

export interface Render {
  id: number;
  /** Of a coached video; null for a composition of the user's own. */
  recordingId: number | null;
  mode: "freeze" | "duck" | null;
  status: RenderStatus;
  /** 0 to 100. */
  progressPercent: number;
  step: RenderStep | null;
  /** Stable code; `friendlyProblem` has a sentence for it. Kept while it is tried again. */
  errorCode: string | null;
  lastError: string | null;
  format: string;
  /** Of the file; null until it is there. Its address: `renderUrls`. */
  path: string | null;
  bytes: number | null;
  durationSeconds: number | null;
  createdAt: string;
  startedAt: string | null;
  updatedAt: string;
}

/** An attempt (`step` null), or a step of one. */
export interface TimelineEntry {
  id: number;
  attempt: number;
  step: string | null;
  startedAt: string;
  /** Null while it lasts. */
  endedAt: string | null;
  /** completed, failed, retried, lost, cancelled and so on; null while it lasts. */
  outcome: string | null;
  errorCode: string | null;
}

export interface RendersState extends WatchedState {
  phase: "loading" | "ready";
  /** The newest first. */
  renders: Render[];
}

export interface RenderState extends WatchedState {
  phase: "loading" | "ready" | "missing";
  render: Render | null;
  timeline: TimelineEntry[];
}

export const initialRenders = (): RendersState => ({
  phase: "loading",
  connection: "connecting",
  readError: null,
  committedAt: null,
  renders: [],
});

export const initialRender = (): RenderState => ({
  phase: "loading",
  connection: "connecting",
  readError: null,
  committedAt: null,
  render: null,
  timeline: [],
});

/** Whether it still changes by itself. */
export function isUnderWay({ status }: Pick<Render, "status">): boolean {
  return status === "queued" || status === "processing";
}
