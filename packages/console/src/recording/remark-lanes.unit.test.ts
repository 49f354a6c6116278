import type { Feedback } from "@sideline/client";
import { expect, test } from "vitest";
import { layOut } from "./remark-lanes.ts";

function remarks(...spans: [number, number][]): Feedback[] {
  return spans.map(([startSeconds, endSeconds], id) => ({ id, startSeconds, endSeconds })) as never;
}

test("remarks that would hide each other lie beneath each other", () => {
  const { markers, count } = layOut(remarks([0, 10], [0, 10], [0, 10], [1, 2], [3, 4]), 20);

  expect(markers.map(({ lane }) => lane)).toEqual([0, 1, 2, 0, 0]);
  expect(count).toBe(3);
});

test("one after the other they share a lane, and none leaves the bar", () => {
  const { markers, count, isDense } = layOut(remarks([0, 5], [5, 12], [19.9, 31]), 20);

  expect(count).toBe(1);
  expect(isDense).toBe(false);
  expect(markers.at(-1)).toMatchObject({ start: expect.closeTo(0.995), end: 1 });
});

test("two hundred are ticks", () => {
  const many = Array.from({ length: 200 }, (_, at): [number, number] => [at * 36, at * 36 + 12]);

  expect(layOut(remarks(...many), 7_200)).toMatchObject({ isDense: true });
});
