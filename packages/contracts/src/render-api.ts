import { z } from "zod";
import { errorCodeSchema } from "./error-codes.ts";
import { renderFormatSchema } from "./render-claim.ts";

const idSchema = z.number().int().positive();

export const renderStatusSchema = z.enum([
  "queued",
  "processing",
  "completed",
  "failed",
  "cancelled",
]);
export type RenderStatus = z.infer<typeof renderStatusSchema>;

export const renderStepSchema = z.enum([
  "validation",
  "download",
  "processing",
  "composition",
  "encoding",
  "upload",
  "cleanup",
]);
export type RenderStep = z.infer<typeof renderStepSchema>;

/** How a coached video is made; what is not given has the default that stands beside it. */
export const coachedOptionsSchema = z.strictObject({
  /** `freeze` (default): the picture holds while a remark is spoken; `duck`: it goes on. */
  mode: z.enum(["freeze", "duck"]).optional(),
  /** True: the words are shown. */
  captions: z.boolean().optional(),
  /** Pixels of the short side: 720. */
  size: z.union([z.literal(360), z.literal(480), z.literal(720), z.literal(1080)]).optional(),
  /** `source` (default): the clip's own aspect. */
  shape: z.enum(["source", "landscape", "portrait", "square"]).optional(),
  /** Frames per second: 30. */
  fps: z.number().int().min(1).max(60).optional(),
  /** `mp4`. */
  format: renderFormatSchema.optional(),
});
export type CoachedOptions = z.infer<typeof coachedOptionsSchema>;

const waitSchema = {
  /** `immediate`: answered with the file, if it is ready in time. */
  responseType: z.enum(["immediate", "async"]).default("async"),
  /** Of `immediate`: how long to wait for it. */
  waitSeconds: z.number().min(0).max(120).default(30),
};

/** `POST /render`: the coached video of a recording, or a composition that was put together. */
export const renderRequestSchema = z.union([
  z.strictObject({
    recordingId: idSchema,
    options: coachedOptionsSchema.default({}),
    ...waitSchema,
  }),
  z.strictObject({ renderJobId: idSchema, ...waitSchema }),
]);
export type RenderRequest = z.infer<typeof renderRequestSchema>;

export const cancelRequestSchema = z.strictObject({ renderJobId: idSchema });

/** `GET /render/status/:renderJobId`, and the answer to a start (202) and to a cancel (200). */
export const renderResponseSchema = z.object({
  renderJobId: idSchema,
  recordingId: idSchema.nullable(),
  status: renderStatusSchema,
  progressPercent: z.number(),
  step: renderStepSchema.nullable(),
  errorCode: errorCodeSchema.nullable(),
  error: z.string().nullable(),
  output: z
    .object({
      /** The object in bucket `processed`. */
      path: z.string(),
      format: renderFormatSchema,
      bytes: z.number(),
      durationSeconds: z.number(),
    })
    .nullable(),
});
export type RenderResponse = z.infer<typeof renderResponseSchema>;
