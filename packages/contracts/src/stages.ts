import { z } from "zod";

/** What Edge Functions work on: from a video to speech, in that order, and drafts of briefs. */
export const stageSchema = z.enum(["analysis", "ssml", "audio", "draft"]);
export type Stage = z.infer<typeof stageSchema>;

/** Where a stage's work item stands; only the functions of schema `pipeline` change it. */
export const stageStatusSchema = z.enum(["queued", "processing", "completed", "failed"]);
export type StageStatus = z.infer<typeof stageStatusSchema>;

/** Where a recording's upload stands. */
export const uploadStatusSchema = z.enum(["pending", "uploading", "completed", "failed"]);
export type UploadStatus = z.infer<typeof uploadStatusSchema>;

/** The Edge Function that works on a stage of that way. */
export const stageFunction = {
  analysis: "ai-analyze-video",
  ssml: "ssmlWorker",
  audio: "audioWorker",
  draft: "draftWorker",
} as const satisfies Record<Stage, string>;

/** The stages beside that way, and their functions. */
export const besideFunction = { notify: "notifyWorker", erase: "eraseWorker" } as const;

/** Every stage that a function works on. */
export const workStageSchema = z.enum([...stageSchema.options, "erase", "notify"]);
export type WorkStage = z.infer<typeof workStageSchema>;

/** Beside the workers, `render` starts what a worker of another kind makes. */
export type FunctionName =
  | (typeof stageFunction)[Stage]
  | (typeof besideFunction)[keyof typeof besideFunction]
  | "render"
  | "metrics";
