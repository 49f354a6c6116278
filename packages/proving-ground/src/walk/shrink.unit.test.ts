import { expect, test } from "vitest";
import { shrink } from "./shrink.ts";

const numbers = Array.from({ length: 200 }, (_, index) => index);

test("keeps only what a failure needs", async () => {
  const fails = async (list: readonly number[]) =>
    [17, 99, 180].every((needed) => list.includes(needed)) ? list : null;

  expect(await shrink(numbers, fails)).toEqual([17, 99, 180]);
});

test("goes on from what a replay really did", async () => {
  const fails = async (list: readonly number[]) => {
    const end = list.indexOf(40);
    return end < 0 ? null : list.slice(0, end + 1).filter((number) => number % 20 === 0);
  };

  expect(await shrink(numbers, fails)).toEqual([40]);
});

test("gives up in time", async () => {
  let replays = 0;
  const fails = async () => {
    replays += 1;
    return null;
  };

  expect(await shrink(numbers, fails, 0)).toEqual(numbers);
  expect(replays).toBe(0);
});
