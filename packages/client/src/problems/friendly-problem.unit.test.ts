import { apiErrorCodeSchema, errorCodeSchema } from "@sideline/contracts";
import { expect, test } from "vitest";
import { english } from "./english.ts";
import { friendlyProblem } from "./friendly-problem.ts";
import { german } from "./german.ts";
import { nextSteps } from "./problem-code.ts";

test.each([...errorCodeSchema.options, ...apiErrorCodeSchema.options])(
  "%s has words and a next step",
  (code) => {
    const { sentence, nextStep } = friendlyProblem(code);

    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(nextStep).toBe(nextSteps[code]);
    expect(friendlyProblem(code, german).sentence).not.toBe(sentence);
  },
);

test("a code that nobody knows is something that went wrong", () => {
  expect(friendlyProblem("made_up")).toEqual({
    code: "unknown",
    sentence: english.unknown,
    nextStep: "retry",
  });
  expect(friendlyProblem("toString").code).toBe("unknown");
});

test("sentences name no code, and stay short", () => {
  for (const sentence of [...Object.values(english), ...Object.values(german)]) {
    expect(sentence).not.toContain("_");
    expect(sentence.length).toBeLessThanOrEqual(100);
  }
});
