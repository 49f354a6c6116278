import { expect, test } from "vitest";
import { diagramOf, tableOf, withTransitions } from "./state-machine.ts";
import type { Transition } from "./transitions.ts";

const rows: Transition[] = [
  {
    event: "claim",
    from: ["queued"],
    when: "ready",
    to: "processing",
    effect: "lease",
    stages: ["analysis", "ssml", "audio"],
  },
  {
    event: "fail",
    from: ["processing"],
    when: "retryable",
    to: "queued",
    effect: "back_off",
    stages: ["analysis", "ssml", "audio"],
  },
  {
    event: "defer",
    from: ["processing"],
    when: "within_bound",
    to: "queued",
    effect: "postpone",
    stages: ["ssml"],
  },
];

test("transitions between the same states share an arrow", () => {
  const arrows = diagramOf(rows).match(/^.* --> .*$/gm);

  expect(arrows).toEqual([
    "  queued --> processing : claim",
    "  processing --> queued : fail (retryable), defer",
  ]);
});

test("the table has a row for each transition", () => {
  const [head, , ...body] = tableOf(rows).split("\n");

  expect(head).toMatch(/^\| stage\s+\| from\s+\| by/);
  expect(body).toHaveLength(3);
  expect(body[2]).toMatch(/^\| ssml\s+\| `processing` \| `defer`/);
});

test("a page without markers is refused", () => {
  expect(() => withTransitions("# The state machine\n")).toThrow("has no section");
});

test("what stands outside the markers is left alone", () => {
  const page = [
    "before",
    "<!-- diagram begins -->",
    "old",
    "<!-- diagram ends -->",
    "between",
    "<!-- transitions begins -->",
    "<!-- transitions ends -->",
    "after",
  ].join("\n");

  const written = withTransitions(page);

  expect(written).toMatch(/^before\n[\s\S]*\nbetween\n[\s\S]*\nafter$/);
  expect(written).not.toContain("old");
  expect(withTransitions(written)).toBe(written);
});
