/** What no page of this project shows yet; the rest is compared with docs/database.md. */
import { expect, test } from "vitest";
import { table } from "./markdown.ts";
import { grantLines, policyLines } from "./sections/table.ts";

test("a table without row level security or grants says so", () => {
  expect(policyLines([], false)).toEqual(["row level security is off"]);
  expect(grantLines([])).toEqual(["nobody through the Data API"]);
});

test("a cell's bars do not end it", () => {
  expect(table(["a"], [["x | y"]])).toBe("| a      |\n| ------ |\n| x \\| y |");
});
