import { type Brief, emptyBrief } from "@sideline/contracts";
import { expect, test } from "vitest";
import { categoryOf, cleanBrief } from "./clean-brief.ts";
import { mergeBriefs } from "./merge-briefs.ts";

const rule = (id: string, look_for = id) => ({ id, look_for, category: null });
const base: Brief = {
  ...emptyBrief,
  goal: "Serve",
  rules: [rule("toss"), rule("arm"), rule("feet"), rule("spin")],
  skip: ["camera"],
};

test("what was typed stays, and all else is as the newer brief has it", () => {
  const typed = {
    ...base,
    goal: "A higher serve",
    rules: [rule("toss", "How high?"), rule("arm"), rule("spin", "Which?"), rule("own")],
    skip: ["camera", "cut"],
  };
  const newer = {
    ...base,
    level: "advanced" as const,
    rules: [rule("theirs"), rule("arm", "Straight?"), rule("feet"), rule("spin")],
    skip: ["stillness"],
  };

  expect(mergeBriefs(base, typed, newer)).toEqual({
    ...newer,
    goal: "A higher serve",
    // Changed though it was removed elsewhere, and added: at the end. Removed here: gone.
    rules: [
      ...[rule("theirs"), rule("arm", "Straight?"), rule("spin", "Which?")],
      ...[rule("toss", "How high?"), rule("own")],
    ],
    skip: ["stillness", "cut"],
  });
});

test("without anything typed, the newer brief is all there is", () => {
  const newer = { ...base, goal: "Return", rules: [], skip: [] };
  expect(mergeBriefs(base, base, newer)).toEqual(newer);
});

test("what both changed is as it was typed", () => {
  const typed = { ...base, goal: "Mine" };
  expect(mergeBriefs(base, typed, { ...base, goal: "Theirs" }).goal).toBe("Mine");
});

test("a brief is kept without blanks and empty rules, categories in snake case", () => {
  const typed = {
    ...base,
    audience: " ",
    rules: [rule("empty", " "), { ...rule("toss", " The toss "), category: "Höhe des Wurfs!" }],
  };
  expect(cleanBrief(typed)).toMatchObject({
    audience: null,
    rules: [{ id: "toss", look_for: "The toss", category: "hohe_des_wurfs" }],
  });
  expect(categoryOf(" 1. Größe ")).toBe("grosse");
  expect(categoryOf("??")).toBe(null);
});
