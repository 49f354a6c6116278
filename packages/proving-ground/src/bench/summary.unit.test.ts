import { expect, test } from "vitest";
import { summarise } from "./summary.ts";

test("percentiles are values that occurred", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(summarise(hundred)).toEqual({ p50: 50, p95: 95, max: 100 });
  expect(summarise([7.26])).toEqual({ p50: 7.3, p95: 7.3, max: 7.3 });
  expect(summarise([])).toEqual({ p50: 0, p95: 0, max: 0 });
});
