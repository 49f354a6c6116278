import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";

const draw = (random: { next(): number }) => Array.from({ length: 5 }, () => random.next());

test("the same seed gives the same numbers, another one others", () => {
  expect(draw(seededRandom(7))).toEqual(draw(seededRandom(7)));
  expect(draw(seededRandom(7))).not.toEqual(draw(seededRandom(8)));
});

test("a branch does not depend on what its parent or its sisters have drawn", () => {
  const parent = seededRandom(7);
  draw(parent);
  draw(parent.branch("one"));

  expect(draw(parent.branch("two"))).toEqual(draw(seededRandom(7).branch("two")));
});

test("a cycle leaves nothing out", () => {
  const next = seededRandom(3).cycle(["a", "b", "c"]);

  expect([next(), next(), next()].sort()).toEqual(["a", "b", "c"]);
});

test("numbers keep within their bounds and reach both halves", () => {
  const random = seededRandom(1);
  const numbers = Array.from({ length: 1000 }, () => random.between(10, 20));

  expect(numbers.every((number) => number >= 10 && number < 20)).toBe(true);
  expect(numbers.some((number) => number < 11)).toBe(true);
  expect(numbers.some((number) => number > 19)).toBe(true);
});
