import { z } from "zod";
import { errorCodeSchema } from "./error-codes.ts";
import { stageStatusSchema } from "./stages.ts";

const idSchema = z.number().int().positive();

/** Postgres holds neither NUL nor half of a surrogate pair: no recording has such a path. */
const pathSchema = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[^\0\p{Surrogate}]*$/u, "must be text that Postgres can hold");

/** `POST /ai-analyze-video`: start, or find, the analysis of one recording of the caller. */
export const startRequestSchema = z.union([
  z.strictObject({ videoRecordingId: idSchema }),
  z.strictObject({ videoPath: pathSchema }),
]);
export type StartRequest = z.infer<typeof startRequestSchema>;

/** 202 when this call queued the analysis, 200 when it was there already. */
export const startResponseSchema = z.object({
  analysisJobId: idSchema,
  videoRecordingId: idSchema,
  status: stageStatusSchema,
});
export type StartResponse = z.infer<typeof startResponseSchema>;

/** `POST /ai-analyze-video/retry`: a failed analysis, or one failed stage of one feedback. */
export const retryRequestSchema = z.union([
  z.strictObject({ analysisJobId: idSchema }),
  z.strictObject({ feedbackId: idSchema, stage: z.enum(["ssml", "audio"]) }),
]);
export type RetryRequest = z.infer<typeof retryRequestSchema>;

export const retryResponseSchema = z.object({ status: z.literal("queued") });
export type RetryResponse = z.infer<typeof retryResponseSchema>;

const stageStateSchema = z.object({
  status: stageStatusSchema.nullable(),
  errorCode: errorCodeSchema.nullable(),
  error: z.string().nullable(),
});

/** `GET /ai-analyze-video/status/:analysisJobId`: the job and what has become of its feedback. */
export const statusResponseSchema = z.object({
  analysisJobId: idSchema,
  videoRecordingId: idSchema,
  status: stageStatusSchema,
  attempts: z.number().int().nonnegative(),
  errorCode: errorCodeSchema.nullable(),
  error: z.string().nullable(),
  title: z.string().nullable(),
  summary: z.string().nullable(),
  confidence: z.number().nullable(),
  /** What was left out of the model's answer. */
  note: z.string().nullable(),
  model: z.string().nullable(),
  feedback: z.array(
    z.object({
      id: idSchema,
      startSeconds: z.number(),
      endSeconds: z.number(),
      category: z.string(),
      severity: z.string(),
      message: z.string(),
      ssml: stageStateSchema,
      audio: stageStateSchema,
    }),
  ),
});
export type StatusResponse = z.infer<typeof statusResponseSchema>;
