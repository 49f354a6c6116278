import { z } from "zod";
import { analysisReplySchema } from "./analysis-reply.ts";
import { briefSchema } from "./brief.ts";
import { limits, plainNamePattern } from "./limits.ts";

const plainNameSchema = z.string().regex(plainNamePattern, "must be a plain name");

/** What a result row needs to be accepted: the claimed row and the lease it was claimed under. */
export const resultHeadSchema = z.object({
  id: z.number().int().positive(),
  lease_token: z.guid().lowercase(),
});
export type ResultHead = z.infer<typeof resultHeadSchema>;

/** An element of `pipeline.complete_analysis(results)`. */
export const analysisResultSchema = analysisReplySchema.extend({
  /** The model's own version text, as the reply names it. */
  model: plainNameSchema,
  prompt_version: plainNameSchema,
  /** What was left out of the reply because it broke the rules, as a sentence. */
  note: z.string().max(limits.noteLength).nullable().default(null),
  /** Measured by the provider. */
  duration_seconds: z.number().positive().max(limits.videoSeconds),
});
export type AnalysisResult = z.infer<typeof analysisResultSchema>;

const segmentIndexSchema = z.number().int().min(0).max(999);

function segmentsOf<Segment extends z.ZodType<{ segment_index: number }>>(segment: Segment) {
  return z
    .array(segment)
    .refine((list) => new Set(list.map((one) => one.segment_index)).size === list.length, {
      message: "segment_index must be unique",
    });
}

/** An element of `pipeline.complete_ssml(results)`. */
export const ssmlResultSchema = z.object({
  /** Who wrote the markup: `gemini`, or `template` when no usable reply came. */
  provider: plainNameSchema,
  version: plainNameSchema,
  /** None at all where the feedback has nothing that can be said; it then has no audio. */
  segments: segmentsOf(
    z.object({
      segment_index: segmentIndexSchema,
      ssml: z
        .string()
        .regex(/^\s*<speak[\s>]/, "must be a speak element")
        .refine((ssml) => new TextEncoder().encode(ssml).length <= limits.storedSsmlBytes, {
          message: `must have at most ${limits.storedSsmlBytes} bytes`,
        }),
    }),
  ),
});
export type SsmlResult = z.infer<typeof ssmlResultSchema>;

export const audioFormatSchema = z.enum(["wav", "mp3", "ogg"]);
export type AudioFormat = z.infer<typeof audioFormatSchema>;

/** An element of `pipeline.complete_audio(results)`. */
export const audioResultSchema = z.object({
  provider: plainNameSchema,
  version: plainNameSchema,
  segments: segmentsOf(
    z.object({
      segment_index: segmentIndexSchema,
      /** Path in bucket `processed`. */
      audio_url: z.string().regex(/\S/, "must not be blank"),
      /** Path of its captions, WebVTT, in the same bucket. */
      captions_url: z.string().regex(/\S/, "must not be blank").nullable().default(null),
      format: audioFormatSchema,
      /** Measured from the audio itself. */
      duration_ms: z
        .number()
        .int()
        .positive()
        .max(2 ** 31 - 1),
    }),
  ).min(1),
});
export type AudioResult = z.infer<typeof audioResultSchema>;

/** Of a message there is nothing to hand in but that it was sent. */
export type NotifyResult = Record<string, never>;

/** An element of `pipeline.complete_draft(results)`. */
export const draftResultSchema = z.object({
  model: plainNameSchema,
  prompt_version: plainNameSchema,
  ir: briefSchema,
});
export type DraftResult = z.infer<typeof draftResultSchema>;

/** What was found in a model's first reply, for `pipeline.note_draft`. */
export const draftFindingsSchema = z.object({
  model: plainNameSchema,
  prompt_version: plainNameSchema,
  /** It was JSON; it had a brief's form; it kept the rules between its parts. */
  syntax_ok: z.boolean(),
  schema_ok: z.boolean(),
  rules_ok: z.boolean(),
  is_repaired: z.boolean(),
  faults: z.array(z.string()),
});
export type DraftFindings = z.infer<typeof draftFindingsSchema>;
