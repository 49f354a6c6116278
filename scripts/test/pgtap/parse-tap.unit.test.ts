import { describe, expect, test } from "vitest";
import { parseTap, planFault } from "./parse-tap.ts";

describe("parseTap", () => {
  test("reads plan, assertions and their diagnostics", () => {
    const lines = [
      "1..2",
      "ok 1 - a worker claims a queued job",
      "not ok 2 - a second worker cannot",
      "# Failed test 2",
      "#     have: 1",
    ];

    const result = parseTap(lines);

    expect(result.planned).toBe(2);
    expect(result.assertions).toEqual([
      { number: 1, passed: true, description: "a worker claims a queued job", diagnostics: [] },
      {
        number: 2,
        passed: false,
        description: "a second worker cannot",
        diagnostics: ["Failed test 2", "    have: 1"],
      },
    ]);
  });

  test("a skipped assertion counts as passed", () => {
    const { assertions } = parseTap(["not ok 1 - later # SKIP no extension here"]);

    expect(assertions[0]?.passed).toBe(true);
  });
});

describe("planFault", () => {
  test("a kept plan is no fault", () => {
    expect(planFault(parseTap(["1..1", "ok 1 - fine"]))).toBeNull();
  });

  test.each([
    ["fewer assertions than planned", ["1..2", "ok 1"], "planned 2 assertions but ran 1"],
    ["more assertions than planned", ["1..1", "ok 1", "ok 2"], "planned 1 assertions but ran 2"],
    ["no assertion at all", ["1..0"], "ran no assertion"],
    ["no plan", ["ok 1"], "announced no plan"],
  ])("%s is a fault", (_name, lines, fault) => {
    expect(planFault(parseTap(lines))).toContain(fault);
  });
});
