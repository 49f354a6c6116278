import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { soundOf, strengthOf } from "../testing/clips.ts";
import { makeFiltered } from "../testing/filtered.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-sound-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test.each(["mp3", "wav"] as const)("a %s is heard from its middle on, at once", async (kind) => {
  const file = await makeFiltered(
    join(directory, `tone.${kind}`),
    "sine=440:r=24000:d=2",
    kind === "mp3" ? "libmp3lame" : "pcm_s16le",
    kind === "mp3" ? { b: "32k" } : {},
  );

  const [whole, rest] = [await soundOf(file), await soundOf(file, 0.5)];

  expect(strengthOf(rest, 440, 0, 0.05)).toBeCloseTo(strengthOf(whole, 440, 0.5, 0.55), 2);
  expect(rest.length / 48_000).toBeCloseTo(whole.length / 48_000 - 0.5, 1);
});
