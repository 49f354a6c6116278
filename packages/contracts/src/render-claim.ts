import { z } from "zod";
import { claimHeadSchema } from "./claims.ts";
import { limits } from "./limits.ts";
import { audioFormatSchema } from "./results.ts";

const seconds = z.number().nonnegative().max(limits.renderSeconds);
const pixels = z.number().int().min(16).max(limits.pictureSide).multipleOf(2);

const place = z.number().min(-limits.pictureSide).max(limits.pictureSide);
const side = z.number().positive().max(limits.pictureSide);

export const renderFormatSchema = z.enum(["mp4", "webm"]);
export type RenderFormat = z.infer<typeof renderFormatSchema>;

export const elementTypeSchema = z.enum(["video", "image", "audio", "text", "overlay"]);
export type ElementType = z.infer<typeof elementTypeSchema>;

/**
 * How a picture fills its box, in CSS's words. `contain` shows all of it, `cover` fills the box and
 * cuts what is over, `fill` and `stretch` both distort it. `auto` is `fill` for an overlay, which is
 * drawn for its box, and `contain` for all else, so that nothing of it is lost.
 */
export const fitModeSchema = z.enum(["auto", "contain", "cover", "fill", "stretch"]);
export type FitMode = z.infer<typeof fitModeSchema>;

/**
 * How text looks; what is missing, or is none of these, is chosen by the box. Colours are `#rrggbb`
 * or `#rrggbbaa`.
 */
const colour = z.string().regex(/^#[0-9a-f]{6}([0-9a-f]{2})?$/i);
export const elementStyleSchema = z.object({
  color: colour.optional().catch(undefined),
  background: colour.optional().catch(undefined),
  font_size: z.number().min(4).max(1000).optional().catch(undefined),
  align: z.enum(["start", "center", "end"]).optional().catch(undefined),
});

export const renderElementSchema = z.object({
  id: z.number().int().positive(),
  /** Higher layers lie over lower ones. */
  layer: z.number().int(),
  element_type: elementTypeSchema,
  bucket: z.string().nullable(),
  path: z.string().nullable(),
  text: z.string().max(limits.elementTextLength).nullable(),
  style: elementStyleSchema.nullish(),
  /**
   * The box in pixels of the made video. Without a size an overlay has its picture's, and all else
   * reaches to the right and lower edge.
   */
  x: place.nullable(),
  y: place.nullable(),
  width: side.nullable(),
  height: side.nullable(),
  fit_mode: fitModeSchema,
  /** Seconds of the made video. Without a duration it lasts as its source, or to the end. */
  start_seconds: seconds,
  duration_seconds: z.number().positive().nullable(),
  /** Seconds of its source that are left out at its beginning. */
  trim_start_seconds: seconds.nullable(),
  volume: z.number().min(0).max(4).nullable(),
  opacity: z.number().min(0).max(1).nullable(),
});
export type RenderElement = z.infer<typeof renderElementSchema>;

export const coachingSchema = z.object({
  /** `freeze`: the picture holds while a remark is spoken; `duck`: it goes on, its sound lowered. */
  mode: z.enum(["freeze", "duck"]),
  captions: z.boolean(),
  remarks: z.array(
    z.object({
      feedback_id: z.number().int().positive(),
      start_seconds: z.number().nonnegative(),
      end_seconds: z.number().nonnegative(),
      message: z.string(),
      language: z.string(),
      severity: z.string().nullable(),
      /** Objects in bucket `processed`, in their order. */
      audio: z.array(
        z.object({ path: z.string().min(1), format: audioFormatSchema, duration_ms: z.number() }),
      ),
    }),
  ),
  source: z.object({
    bucket: z.string().min(1),
    path: z.string().min(1),
    duration_seconds: z.number().nullable(),
  }),
});
export type Coaching = z.infer<typeof coachingSchema>;

/** A row of `pipeline.claim_render`; `id` is the render job's. */
export const renderClaimSchema = claimHeadSchema.extend({
  format: renderFormatSchema,
  width: pixels,
  height: pixels,
  fps: z.number().min(1).max(60),
  options: z.object({
    /** Of what nothing is drawn on; black. */
    background: colour.optional(),
    /** Where a composition without a coached clip ends. */
    duration_seconds: seconds.positive().optional(),
    /** `source`: the frame has the clip's shape, and `size` pixels on its short side. */
    shape: z.enum(["source", "landscape", "portrait", "square"]).optional(),
    size: z.number().int().min(16).max(limits.pictureSide).optional(),
  }),
  /** The coached clip is among them, as the video with its source. */
  elements: z.array(renderElementSchema),
  coaching: coachingSchema.nullable(),
});
export type RenderClaim = z.infer<typeof renderClaimSchema>;

/** An element of `pipeline.complete_render(results)`. */
export const renderResultSchema = z.object({
  /** The object in bucket `processed`, named by its content. */
  path: z.string().min(1),
  bytes: z.number().int().positive(),
  duration_seconds: z.number().positive(),
  frames: z.number().int().positive(),
  /** SHA-256 of the file, in hexadecimal. */
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RenderResult = z.infer<typeof renderResultSchema>;
