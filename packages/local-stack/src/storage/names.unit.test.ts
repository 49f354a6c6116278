import { expect, test } from "vitest";
import { parseBucketName, parseKey } from "./names.ts";

test.each(["a", "folder/sub folder/take 1 (final).mp4", "a-b_c!*'&$@=;:+,?.txt", "x".repeat(1024)])(
  "%s is a key",
  (key) => {
    expect(parseKey(key)).toBe(key);
  },
);

test.each([
  "",
  "/a",
  "a/",
  "a//b",
  ".",
  "..",
  "a/..",
  "../a",
  "a\\b",
  "a%2e",
  "ä",
  "a\u0000",
  "a\nb",
  "x".repeat(1025),
])("%j is no key", (key) => {
  expect(() => parseKey(key)).toThrow(expect.objectContaining({ code: "InvalidKey" }));
});

test("bucket names have no slash, no outer space and at most 100 characters", () => {
  expect(parseBucketName("my bucket.1")).toBe("my bucket.1");
  for (const name of ["", "a/b", " a", "a ", "x".repeat(101)]) {
    expect(() => parseBucketName(name)).toThrow("Bucket name invalid");
  }
});
