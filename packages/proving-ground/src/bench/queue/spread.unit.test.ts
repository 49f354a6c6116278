import { expect, test } from "vitest";
import { percentile, spreadOf } from "../spread.ts";

test("medians and percentiles are values that occurred", () => {
  expect(spreadOf([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2, min: 1, max: 4 });
  expect(percentile([10, 30, 20, 40], 0.95)).toBe(40);
  expect(spreadOf([])).toEqual({ median: Number.NaN, min: Number.NaN, max: Number.NaN });
});
