/** For React apps: the core, and its hooks. */
export * from "../index.ts";
export { SidelineProvider, useSideline } from "./sideline-provider.ts";
export { useAudioUrl } from "./use-audio-url.ts";
export { type FeedbackStatus, useFeedbackStatus } from "./use-feedback-status.ts";
export { useBriefSession, useRecording, useRecordings, useRenders } from "./use-stores.ts";
export { type UseUpload, useUpload } from "./use-upload.ts";
