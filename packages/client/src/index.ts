/** What an app imports to use Sideline; free of any framework. React's hooks: `@sideline/client/react`. */
export { changesBetween, type StatusChange } from "./changes-between.ts";
export { stageStatus } from "./from-rows.ts";
export type { Health, PartHealth } from "./health-check.ts";
export type { OnProblem, ProblemEvent } from "./problem-events.ts";
export { english } from "./problems/english.ts";
export { type FriendlyProblem, friendlyProblem } from "./problems/friendly-problem.ts";
export type { NextStep, ProblemCode } from "./problems/problem-code.ts";
export {
  feedbackProblem,
  feedbackStatus,
  isAudible,
  isSettled,
  isWaiting,
  waitOf,
} from "./progress.ts";
export type { RecordingLine, RecordingListState } from "./recording-list.ts";
export type {
  AudioSegment,
  Feedback,
  Job,
  Metric,
  Recording,
  RecordingState,
  SsmlSegment,
  StageState,
  StageStatus,
  UploadStatus,
} from "./recording-state.ts";
export type { NewRenderLink, RenderLink } from "./renders/render-calls.ts";
export {
  isUnderWay,
  type Render,
  type RendersState,
  type TimelineEntry,
} from "./renders/render-state.ts";
export type { RenderCalls } from "./renders/renders.ts";
export type { SessionState } from "./sessions/session-state.ts";
export { SupabaseSessionStore } from "./sessions/supabase-session-store.ts";
export type { SharedStore } from "./shared-store.ts";
export {
  createSideline,
  type Sideline,
  type SidelineOptions,
  type WatchedRecording,
} from "./sideline.ts";
export { SidelineError, toSidelineError } from "./sideline-error.ts";
export type { SignedUrl, SignedUrls } from "./signed-urls.ts";
export type { AnalysisWishes } from "./upload/analysis-wishes.ts";
export { mediaTypeOf } from "./upload/media-type.ts";
export type { UploadHandle } from "./upload/upload.ts";
export type { UploadOptions, UploadProblem, UploadState } from "./upload/upload-state.ts";
export type { Voice } from "./voices.ts";
export { whenSettled } from "./when-settled.ts";
