import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../project-root.ts";
import { openClip } from "./clip.ts";

const media = join(projectRoot, "packages/local-providers/test-media");
const avi = Buffer.from("RIFF\x10\0\0\0AVI LIST\0\0\0\0hdrlavih", "latin1");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sideline-clip-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a clip's type", () => {
  test.each([
    ["hevc.mp4", "holiday.avi", "video/mp4"],
    ["quicktime.mov", "IMG_0001", "video/quicktime"],
    ["live.webm", "recording.mp4", "video/webm"],
  ])("is what %s holds, though it is called %s", async (file, name, type) => {
    await copyFile(join(media, file), join(folder, name));

    expect((await openClip(join(folder, name))).content.type).toBe(type);
  });

  test("is AVI for AVI, though it is called MP4", async () => {
    await writeFile(join(folder, "film.mp4"), avi);

    expect((await openClip(join(folder, "film.mp4"))).content.type).toBe("video/vnd.avi");
  });

  test("is left to the name where the content is of no known format", async () => {
    await writeFile(join(folder, "words.mp4"), "This is my forehand.");

    expect((await openClip(join(folder, "words.mp4"))).content.type).toBe("");
  });
});
