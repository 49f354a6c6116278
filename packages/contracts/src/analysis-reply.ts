import { z } from "zod";
import { limits } from "./limits.ts";

const snakeCase = /^[a-z][a-z0-9_]*$/;
/** Something that is seen: not blanks of no width alone. */
const visible = /[^\s\p{Cf}\p{DI}]/u;
const confidence = z.number().min(0).max(1);

/** A number that the model measured in the video. A metric nobody measured is not listed. */
export const metricSchema = z.object({
  metric_key: z.string().regex(snakeCase, "must be lower_snake_case").max(limits.categoryLength),
  metric_value: z.number(),
  unit: z.string().max(limits.categoryLength).nullable().default(null),
});
export type Metric = z.infer<typeof metricSchema>;

/** One remark on a moment of the clip. Times are seconds from the clip's start. */
export const feedbackSchema = z
  .object({
    start_seconds: z.number().min(0),
    end_seconds: z.number().min(0),
    category: z.string().regex(snakeCase, "must be lower_snake_case").max(limits.categoryLength),
    severity: z.enum(["low", "medium", "high"]),
    confidence,
    message: z.string().trim().min(1).max(limits.messageLength).regex(visible, "must be visible"),
    drill: z.string().trim().max(limits.drillLength).nullable().default(null),
    /** Rule of the brief that it comes from, if there is one. */
    rule_id: z.string().regex(snakeCase).max(limits.categoryLength).nullable().default(null),
  })
  .refine((feedback) => feedback.start_seconds <= feedback.end_seconds, {
    message: "start_seconds must not be after end_seconds",
    path: ["start_seconds"],
  });
export type Feedback = z.infer<typeof feedbackSchema>;

/** As columns hold it. */
export const languageTagSchema = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/);

/**
 * What the model answers about a video. No feedback at all is a legal answer: the summary then says
 * why there is nothing to remark on.
 */
export const analysisReplySchema = z.object({
  title: z.string().trim().min(1).max(limits.titleLength),
  summary: z.string().trim().min(1).max(limits.summaryLength),
  /** The language that it is written in, as BCP 47 tag: not every model knows every language. */
  language: languageTagSchema.nullable().default(null),
  confidence,
  metrics: z
    .array(metricSchema)
    .max(limits.metrics)
    .refine((metrics) => new Set(metrics.map((m) => m.metric_key)).size === metrics.length, {
      message: "metric_key must be unique",
    }),
  feedback: z.array(feedbackSchema).max(limits.feedbackItems),
});
export type AnalysisReply = z.infer<typeof analysisReplySchema>;
