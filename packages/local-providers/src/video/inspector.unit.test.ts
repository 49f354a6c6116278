import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { clip, SAMPLE, withFile } from "../test-clips.ts";
import { Inspector } from "./inspector.ts";

const inspectors: Inspector[] = [];
function inspector(options?: { timeoutMs?: number; quickMs?: number }): Inspector {
  const made = new Inspector(options);
  inspectors.push(made);
  return made;
}
afterEach(() => {
  for (const made of inspectors.splice(0)) made.stop();
});

/** A clip whose time table claims two billion frames: reading it takes minutes. */
async function endlessClip(): Promise<Buffer> {
  const bytes = await readFile(clip("quicktime.mov"));
  const table = bytes.indexOf("stts");
  bytes.writeUInt32BE(2_000_000_000, table + 12);
  return bytes;
}

describe("inspector", () => {
  it("gives the facts of a video, several at once", async () => {
    const apart = inspector();

    const all = await Promise.all(Array.from({ length: 5 }, () => apart.inspect(SAMPLE)));

    expect(all.map(({ motion }) => motion?.bursts.length)).toEqual([2, 2, 2, 2, 2]);
  });

  it("passes on why a file is no whole video", async () => {
    await withFile(Buffer.from("text"), async (path) => {
      await expect(inspector().inspect(path)).rejects.toMatchObject({ reason: "not_a_video" });
    });
  });

  it("gives up on an index that claims billions of frames, and stays able", async () => {
    const apart = inspector({ timeoutMs: 1500 });

    await withFile(await endlessClip(), async (path) => {
      await expect(apart.inspect(path)).rejects.toMatchObject({ reason: "damaged" });
    });

    // Where a machine is busy, a sound video may need more than its time at first, too.
    const frames = () => apart.inspect(SAMPLE).then(({ frameCount }) => frameCount, String);
    await expect.poll(frames).toBe(600);
  });

  it("lets nobody wait long for files that stop the reader", async () => {
    const apart = inspector({ quickMs: 6_000 });
    const folder = await mkdtemp(join(tmpdir(), "sideline-pipe-"));
    // Opening a pipe that nobody writes to takes for ever.
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    try {
      let ended = 0;
      const stuck = Array.from({ length: 3 }, () => apart.inspect(pipe).finally(() => ended++));
      const all = Promise.allSettled(stuck);

      expect((await apart.inspect(SAMPLE)).frameCount).toBe(600);

      expect(ended).toBe(0);
      apart.stop();
      await all;
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("ends what is running when it stops", async () => {
    const apart = inspector();

    await withFile(await endlessClip(), async (path) => {
      const running = expect(apart.inspect(path)).rejects.toThrow();
      await new Promise((done) => setTimeout(done, 300));
      apart.stop();
      await running;
    });
  });
});
