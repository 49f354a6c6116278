import { expect, test } from "vitest";
import { table } from "./markdown.ts";

test("a cell's bars do not end it", () => {
  expect(table(["a"], [["x | y"]])).toBe("| a      |\n| ------ |\n| x \\| y |");
});
