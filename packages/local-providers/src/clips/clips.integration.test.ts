import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLIPS } from "./clip-list.ts";
import { judge } from "./judge.ts";
import { makeClips } from "./make-clips.ts";
import { findTools, type Tools } from "./tools.ts";

const clips = CLIPS.filter(({ isSlow }) => isSlow !== true);

let folder: string;
let tools: Tools;
beforeAll(async () => {
  tools = await findTools();
  folder = await mkdtemp(join(tmpdir(), "sideline-clips-"));
  await makeClips(clips, folder, tools);
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a file as a device or a program makes it", () => {
  it("is one of forty and more", () => {
    expect(clips.length).toBeGreaterThanOrEqual(40);
  });

  it.each(clips.map((clip) => [clip.file, clip] as const))("is told right: %s", async (_, clip) => {
    const { faults, found } = await judge(clip, join(folder, clip.file), tools);

    expect(faults, JSON.stringify(found)).toEqual([]);
  });
});
