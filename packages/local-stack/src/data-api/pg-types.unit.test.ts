import { describe, expect, test } from "vitest";
import { isoTimestamp, parseArray, postgrestValue } from "./pg-types.ts";

test.each([
  ["2026-11-20 15:50:33+00", "2026-11-20T15:50:33+00:00"],
  ["2026-11-20 15:50:33.123456+05:30", "2026-11-20T15:50:33.123456+05:30"],
  ["2026-11-20 15:50:33.5", "2026-11-20T15:50:33.5"],
  ["0044-03-15 00:00:00+00 BC", "0044-03-15T00:00:00+00:00 BC"],
  ["infinity", "infinity"],
])("%s is printed as %s", (text, shown) => {
  expect(isoTimestamp(text)).toBe(shown);
});

describe("arrays", () => {
  const words = (text: string) => parseArray(text, (item) => item);

  test.each([
    ["{}", []],
    ["{a,b}", ["a", "b"]],
    ['{NULL,"NULL",null}', [null, "NULL", "null"]],
    ['{"a,b","c\\"d","e\\\\f","{g}",""}', ["a,b", 'c"d', "e\\f", "{g}", ""]],
    [
      "{{1,2},{3,4}}",
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    ["[0:1]={x,y}", ["x", "y"]],
  ])("%s", (text, items) => {
    expect(words(text)).toEqual(items);
  });

  test("take their element's type", () => {
    const elements = new Map([
      [1185, 1184],
      [1231, 1700],
      [3807, 3802],
    ]);

    expect(postgrestValue(1185, '{"2026-11-20 15:50:33+00",NULL}', elements)).toEqual([
      "2026-11-20T15:50:33+00:00",
      null,
    ]);
    expect(postgrestValue(1231, "{1.50,NaN}", elements)).toEqual([1.5, "NaN"]);
    expect(postgrestValue(3807, '{"{\\"a\\": [1]}"}', elements)).toEqual([{ a: [1] }]);
  });
});
