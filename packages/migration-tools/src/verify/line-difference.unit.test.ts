import { expect, test } from "vitest";
import { lineDifference } from "./line-difference.ts";

test("shows what differs, its neighbours, and that more is left out", () => {
  const expected = "one\ntwo\nthree\nfour\nfive\nsix";
  const actual = "one\ntwo\nthree\n4\nfive\nsix\nseven";

  expect(lineDifference(expected, actual)).toEqual([
    "  …",
    "  three",
    "- four",
    "+ 4",
    "  five",
    "  six",
    "+ seven",
  ]);
});

test("texts that share nothing follow each other", () => {
  expect(lineDifference("a\nb", "c")).toEqual(["- a", "- b", "+ c"]);
});

test("a line that moved is taken out at one place and put in at the other", () => {
  expect(lineDifference("a\nb\nc", "b\nc\na")).toEqual(["- a", "  b", "  c", "+ a"]);
});
