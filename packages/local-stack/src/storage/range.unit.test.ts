import { expect, test } from "vitest";
import { parseRange } from "./range.ts";

test.each([
  ["bytes=0-9", 10, { start: 0, end: 9 }],
  ["bytes=5-", 10, { start: 5, end: 9 }],
  ["bytes=-4", 10, { start: 6, end: 9 }],
  ["bytes=-99", 10, { start: 0, end: 9 }],
  ["bytes=3-99", 10, { start: 3, end: 9 }],
])("%s of %d bytes", (header, size, range) => {
  expect(parseRange(header, size)).toEqual(range);
});

test.each([null, "", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "items=0-1", "bytes=a-b"])(
  "%j asks for the whole object",
  (header) => {
    expect(parseRange(header, 10)).toBeNull();
  },
);

test.each([
  ["bytes=10-", 10],
  ["bytes=-0", 10],
  ["bytes=0-", 0],
  ["bytes=-1", 0],
])("%s of %d bytes cannot be satisfied", (header, size) => {
  expect(() => parseRange(header, size)).toThrow(expect.objectContaining({ status: 416 }));
});
