import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { clip, withFile } from "../../test-clips.ts";
import { inspectVideo } from "../inspect-video.ts";
import { planGroups } from "./plan.ts";

describe("pictures that cannot be trusted", () => {
  it.each(["quicktime.mov", "vp9.webm"])("are not gone by: a torn %s", async (file) => {
    const bytes = await readFile(clip(file));
    // In the middle lie frames, wherever the index is.
    const [from, to] = [0.25 * bytes.length, 0.75 * bytes.length].map(Math.floor);
    for (let at = from ?? 0; at < (to ?? 0); at += 97) bytes[at] = (at * 31) % 256;

    const facts = await withFile(bytes, (path) => inspectVideo(path));

    expect(facts).toMatchObject({ lookedAtSeconds: null, motion: null });
    expect(facts.durationSeconds).toBeCloseTo(10, 1);
  });
});

it("leaves the facts of a clip whose description for decoders is broken", async () => {
  const bytes = await readFile(clip("still.mp4"));
  bytes.write("junk", bytes.indexOf("avcC"), "latin1");

  const facts = await withFile(bytes, (path) => inspectVideo(path));

  expect(facts).toMatchObject({ lookedAtSeconds: null, motion: null });
});

describe("the groups of frames that are decoded", () => {
  const groups = Array.from({ length: 100 }, (_, index) => ({
    time: index,
    frames: 30,
    changeBytes: 0,
  }));
  const timesOf = (plan: ReturnType<typeof planGroups>) => [...plan.keys()].map(({ time }) => time);

  it("are all where that does not take too long", () => {
    expect(timesOf(planGroups(groups, 3_000, [() => 0]))).toEqual(groups.map(({ time }) => time));
  });

  it("are those that change, and some from everywhere, never more than may be", () => {
    const plan = planGroups(groups, 600, [(index) => (index >= 60 && index < 70 ? 1 : 0)]);

    expect([...plan.values()].reduce((sum, frames) => sum + frames, 0)).toBe(600);
    expect(timesOf(plan)).toEqual(expect.arrayContaining([60, 61, 62, 63, 64, 65, 66, 67, 68, 69]));
    expect(Math.min(...timesOf(plan))).toBe(0);
    expect(timesOf(plan).filter((time) => time >= 75).length).toBeGreaterThan(1);
  });

  it("are those of the most weight by each that is given, in turn", () => {
    const at = (time: number) => (index: number) => (index === time ? 1 : 0);
    const plan = planGroups(groups, 600, [at(71), at(33)]);

    expect(timesOf(plan)).toEqual(expect.arrayContaining([71, 33]));
  });

  it("is the beginning of one that is too long for itself", () => {
    const group = { time: 0, frames: 90_000, changeBytes: 0 };

    expect(planGroups([group], 600, [() => 0]).get(group)).toBe(600);
  });
});
