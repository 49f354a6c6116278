import { z } from "zod";
import { briefSchema } from "./brief.ts";
import { coachSchema } from "./coach.ts";

const idSchema = z.number().int().positive();

/** What every claimed work item carries, whatever its stage. `id` is the row that is claimed. */
export const claimHeadSchema = z.object({
  id: idSchema,
  /** Fences every later write: another worker's claim replaces it. */
  lease_token: z.guid(),
  /** 1 for the first attempt. */
  attempt: z.number().int().positive(),
  lease_expires_at: z.string(),
  /** Its last worker vanished with it: nothing else may be worked on beside it. */
  alone: z.boolean(),
  correlation_id: z.guid(),
  user_id: z.guid(),
});
export type ClaimHead = z.infer<typeof claimHeadSchema>;

/** A row of `pipeline.claim_analysis`; `id` is the analysis job's. */
export const analysisClaimSchema = claimHeadSchema.extend({
  /** What an earlier attempt kept, so that this one goes on from there; the worker's own shape. */
  progress: z.json(),
  video_recording_id: idSchema,
  /** Path in bucket `raw`. */
  storage_path: z.string().min(1),
  mime_type: z.string().nullable(),
  /** Bytes, as the client stated them. */
  file_size: z.number().nullable(),
  /** Seconds, as the client stated them. */
  duration_seconds: z.number().nullable(),
  original_filename: z.string().nullable(),
  language: z.string(),
  coach: coachSchema.nullable(),
  /** What to look for, where the recording names a session. */
  brief: briefSchema.nullable(),
});
export type AnalysisClaim = z.infer<typeof analysisClaimSchema>;

/** A row of `pipeline.claim_ssml`; `id` is the feedback's. */
export const ssmlClaimSchema = claimHeadSchema.extend({
  /** Why the markup that was written before could not be spoken. */
  refused: z.string().nullable(),
  analysis_job_id: idSchema,
  message: z.string().min(1),
  drill: z.string().nullable(),
  language: z.string(),
  coach: coachSchema.nullable(),
});
export type SsmlClaim = z.infer<typeof ssmlClaimSchema>;

/** A row of `pipeline.claim_notify`; `id` is the message's. */
export const notifyClaimSchema = claimHeadSchema.extend({
  contact_type: z.enum(["email", "webhook", "slack", "sms"]),
  address: z.string().min(1),
  signing_secret: z.string().min(1),
  topic: z.string().min(1),
  subject: z.string(),
  body: z.string(),
  /** What a webhook is sent as data; `event` is its type. */
  payload: z.record(z.string(), z.json()),
  created_at: z.string(),
});
export type NotifyClaim = z.infer<typeof notifyClaimSchema>;

/** A row of `pipeline.claim_erase`; `id` is the request's. */
export const eraseClaimSchema = claimHeadSchema.omit({ correlation_id: true }).extend({
  /** Of Storage; or `gemini-files`, for the provider's copies. */
  bucket: z.string().min(1),
  path: z.string().min(1),
});
export type EraseClaim = z.infer<typeof eraseClaimSchema>;

/** A row of `pipeline.claim_audio`; `id` is the feedback's. */
export const audioClaimSchema = claimHeadSchema.extend({
  analysis_job_id: idSchema,
  language: z.string(),
  coach: coachSchema.nullable(),
  segments: z
    .array(z.object({ segment_index: z.number().int().nonnegative(), ssml: z.string().min(1) }))
    .min(1),
});
export type AudioClaim = z.infer<typeof audioClaimSchema>;

/** A row of `pipeline.claim_draft`; `id` is the draft's. */
export const draftClaimSchema = claimHeadSchema.extend({
  session_id: idSchema,
  /** What the owner asks for, in their words. */
  request: z.string().min(1),
  /** The brief as it is now. */
  ir: briefSchema,
});
export type DraftClaim = z.infer<typeof draftClaimSchema>;
