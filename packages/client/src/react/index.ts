/** For React apps: the core, and its hooks. */
export * from "../index.ts";
export { SidelineProvider, useSideline } from "./sideline-provider.ts";
export { useAudioUrl } from "./use-audio-url.ts";
export { useBriefSession } from "./use-brief-session.ts";
export { type FeedbackStatus, useFeedbackStatus } from "./use-feedback-status.ts";
export { useRecording } from "./use-recording.ts";
export { useRecordings } from "./use-recordings.ts";
export { useRenders } from "./use-renders.ts";
export { type UseUpload, useUpload } from "./use-upload.ts";
