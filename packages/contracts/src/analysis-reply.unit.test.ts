import { expect, test } from "vitest";
import { analysisReplySchema } from "./analysis-reply.ts";

const feedback = {
  start_seconds: 1,
  end_seconds: 2,
  category: "low_activity",
  severity: "low",
  confidence: 0.5,
  message: " Look here. ",
  drill: null,
  rule_id: null,
};
const reply = {
  title: "Title",
  summary: "Summary.",
  confidence: 1,
  metrics: [{ metric_key: "frame_rate", metric_value: 30, unit: "fps" }],
  feedback: [feedback],
};

test("a whole reply is taken, its texts trimmed and left-out options null", () => {
  const { drill: _, ...withoutDrill } = feedback;
  const parsed = analysisReplySchema.parse({ ...reply, feedback: [withoutDrill] });

  expect(parsed.feedback).toEqual([{ ...feedback, message: "Look here." }]);
});

test("nothing to remark on and nothing measured is a reply", () => {
  expect(analysisReplySchema.safeParse({ ...reply, metrics: [], feedback: [] }).success).toBe(true);
});

test.each([
  ["a start after its end", { start_seconds: 3 }],
  ["a start before the clip", { start_seconds: -1 }],
  ["a category of words", { category: "Low activity" }],
  ["a severity of its own", { severity: "critical" }],
  ["more than certainty", { confidence: 1.1 }],
  ["a blank message", { message: "  " }],
  ["a message of 2,001 characters", { message: "x".repeat(2001) }],
  ["an infinite end", { end_seconds: Number.POSITIVE_INFINITY }],
])("feedback with %s is refused", (_what, change) => {
  const result = analysisReplySchema.safeParse({
    ...reply,
    feedback: [{ ...feedback, ...change }],
  });

  expect(result.success).toBe(false);
});

test("a metric may come once", () => {
  const metrics = [...reply.metrics, ...reply.metrics];

  expect(analysisReplySchema.safeParse({ ...reply, metrics }).success).toBe(false);
});
