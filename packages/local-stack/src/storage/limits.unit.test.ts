import { expect, test } from "vitest";
import { checkMimeType, checkSize, parseFileSize } from "./limits.ts";

test.each([
  [null, null],
  [undefined, null],
  [0, 0],
  [52_428_800, 52_428_800],
  ["52428800", 52_428_800],
  ["20MB", 20_000_000],
  ["1.5gb", 1_500_000_000],
  ["30KB", 30_000],
  ["3B", 3],
])("the limit %j is %j bytes", (text, bytes) => {
  expect(parseFileSize(text)).toBe(bytes);
});

test.each(["20 MB", "MB", "-1", "1TB"])("%j is no limit", (text) => {
  expect(() => parseFileSize(text)).toThrow("Invalid file size format");
});

test("a bucket without limits takes anything", () => {
  const none = { fileSizeLimit: null, allowedMimeTypes: null };

  expect(() => checkMimeType("nonsense", none)).not.toThrow();
  expect(() => checkMimeType("nonsense", { ...none, allowedMimeTypes: [] })).not.toThrow();
  expect(() => checkSize(1e15, none)).not.toThrow();
});

test.each([
  ["video/mp4", ["video/mp4"], true],
  ["video/mp4", ["video/*"], true],
  ["video/mp4", ["*/*"], true],
  ["Video/MP4; codecs=avc1", ["video/mp4"], true],
  ["video/mp4v", ["video/mp4"], false],
  ["video", ["video/*"], false],
  ["", ["*/*"], false],
  ["audio/mp4", ["video/*", "audio/wav"], false],
])("%s among %j: %j", (mimeType, allowedMimeTypes, accepted) => {
  const check = () => checkMimeType(mimeType, { fileSizeLimit: null, allowedMimeTypes });

  if (accepted) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ status: 415 }));
});
