import { expect, test } from "vitest";
import { projectRoot } from "../project-root.ts";
import { parseOptions } from "./options.ts";

test("without options, the sample clip", () => {
  expect(parseOptions([], "/somewhere")).toEqual({
    video: `${projectRoot}/samples/rally.mp4`,
    voice: undefined,
    language: undefined,
    brief: undefined,
    render: false,
    size: undefined,
    json: false,
    keep: false,
    open: false,
    help: false,
    stackDirectory: `${projectRoot}/.local/demo`,
    outDirectory: `${projectRoot}/out`,
  });
});

test("paths are relative to where the command was typed", () => {
  const options = parseOptions(["--video", "clips/a.mov", "--out", "sound"], "/home/ann");

  expect(options.video).toBe("/home/ann/clips/a.mov");
  expect(options.outDirectory).toBe("/home/ann/sound");
});

test("a page that is opened needs its stack", () => {
  expect(parseOptions(["--open"], "/")).toMatchObject({ open: true, keep: true });
});

test("voice and language are the listener's", () => {
  expect(parseOptions(["--voice", "Morgan", "--language", "de-de"], "/")).toMatchObject({
    voice: "Morgan",
    language: "de-DE",
  });
});

test.each([
  [["--vidoe", "a.mp4"]],
  [["a.mp4"]],
  [["--video"]],
  [["--language", "german!"]],
  [["--size", "4320"]],
])("refuses %j", (args) => {
  expect(() => parseOptions(args, "/")).toThrow(/option|argument|language tag|none: use/i);
});
