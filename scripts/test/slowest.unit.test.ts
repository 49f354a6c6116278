import { describe, expect, test } from "vitest";
import { takeOwnOptions } from "./options.ts";
import { slowestTable } from "./slowest.ts";

test("the slowest files come first, and the others in one line", () => {
  const table = slowestTable(
    [
      { file: "quick.unit.test.ts", tests: 12, seconds: 0.04 },
      { file: "slow.integration.test.ts", tests: 3, seconds: 12.34 },
      { file: "middle.unit.test.ts", tests: 1, seconds: 2 },
      { file: "least.unit.test.ts", tests: 1, seconds: 0.01 },
    ],
    2,
  );

  expect(table).toBe(
    [
      "| file                       | tests | seconds |",
      "| -------------------------- | ----- | ------- |",
      "| `slow.integration.test.ts` | 3     | 12.3    |",
      "| `middle.unit.test.ts`      | 1     | 2.0     |",
      "| 2 others                   | 13    | 0.1     |",
    ].join("\n"),
  );
});

describe("the command line", () => {
  test.each([
    [["claim"], { slowest: null, rest: ["claim"] }],
    [["--slowest", "claim"], { slowest: 20, rest: ["claim"] }],
    [["--project", "unit", "--slowest=5"], { slowest: 5, rest: ["--project", "unit"] }],
    // Vitest says what is wrong with it.
    [["--slowest=few"], { slowest: null, rest: ["--slowest=few"] }],
  ])("%j", (args, own) => {
    expect(takeOwnOptions(args)).toEqual(own);
  });
});
