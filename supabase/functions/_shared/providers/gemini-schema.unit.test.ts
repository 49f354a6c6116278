import { analysisReplySchema } from "@sideline/contracts";
import { expect, test } from "vitest";
import { z } from "zod";
import { toGeminiSchema } from "./gemini-schema.ts";

test("the reply's schema asks for every field and leaves the limits out", () => {
  const schema = toGeminiSchema(analysisReplySchema);

  expect(schema).toMatchObject({
    type: "object",
    required: ["title", "summary", "language", "confidence", "metrics", "feedback"],
    properties: {
      feedback: {
        type: "array",
        items: {
          required: [
            "start_seconds",
            "end_seconds",
            "category",
            "severity",
            "confidence",
            "message",
            "drill",
            "rule_id",
          ],
          properties: {
            severity: { type: "string", enum: ["low", "medium", "high"] },
            drill: { type: "string", nullable: true },
          },
        },
      },
    },
  });
  expect(JSON.stringify(schema)).not.toMatch(/max|min|pattern|additional|default|\$schema/i);
});

test("what Gemini has no word for is refused at once", () => {
  expect(() => toGeminiSchema(z.object({ a: z.union([z.string(), z.number()]) }))).toThrow();
});
