import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codec, picturesOf, read, soundOf, strengthOf } from "../testing/clips.ts";
import { makeFiltered } from "../testing/filtered.ts";
import { elementOf, jobOf } from "../testing/jobs.ts";
import { compose } from "./compose.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-strange-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Renders a clip as it is, and says how light each row of a column is in each picture. */
async function columnsOf(clip: string, x: number): Promise<number[][]> {
  const output = `${clip}.made.mp4`;
  const frame = { width: 64, height: 36, fps: 10 };
  const files = { "raw/clip": clip };
  await compose(
    jobOf({ ...frame, output, files, elements: [elementOf({})] }),
    codec,
    () => undefined,
  );
  return (await picturesOf(output)).map(({ data, width, height }) =>
    Array.from({ length: height }, (_, y) => data[(y * width + x) * 4 + 1] ?? 0),
  );
}

test("white of a high dynamic range is white, and not grey", async () => {
  const clip = await makeFiltered(
    join(directory, "hlg.mp4"),
    `color=black:s=64x36:r=10:d=0.1,format=yuv420p10le,
     geq=lum='if(lt(X,32),721,64)':cb=512:cr=512,
     setparams=range=tv:color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc`,
    "libx264",
    { preset: "ultrafast" },
  );

  const [picture] = await columnsOf(clip, 8);

  expect(Math.min(...(picture ?? [0]))).toBeGreaterThan(235);
  const colour = await read(`${clip}.made.mp4`, async ({ pictures }) => pictures?.colour);
  expect(colour).toEqual({ primaries: 1, transfer: 1, matrix: 1 });
});

test.each([
  [64, 36, { primaries: 6, transfer: 6, matrix: 6 }],
  [1280, 720, { primaries: 1, transfer: 1, matrix: 1 }],
])("a clip of %i by %i that names no colours is shown as its size says", async (w, h, colour) => {
  const clip = await makeFiltered(
    join(directory, `unsaid-${w}.mp4`),
    `color=black:s=${w}x${h}:r=10:d=0.1,geq=lum=81:cb=90:cr=240,format=yuv420p`,
    "libx264",
    { preset: "ultrafast" },
  );
  const shown = await columnsOf(clip, 8);
  const kept = await picturesOf(clip);

  expect(await read(`${clip}.made.mp4`, async ({ pictures }) => pictures?.colour)).toEqual(colour);
  // Green tells one matrix from the other.
  expect(shown[0]?.[8]).toBeCloseTo(kept[0]?.data[1] ?? -1, -1);
});

test("half pictures become whole ones", async () => {
  // Each picture is a white one in its odd lines, and a black one in its even lines.
  const clip = await makeFiltered(
    join(directory, "interlaced.mp4"),
    `color=black:s=64x36:r=10:d=0.4,geq=lum='if(mod(Y,2),235,16)':cb=128:cr=128,
     setfield=tff,format=yuv420p`,
    "libx264",
    { flags: "+ilme+ildct", "x264-params": "tff=1:log-level=-1" },
  );

  const pictures = await columnsOf(clip, 32);

  expect(pictures).toHaveLength(4);
  for (const rows of pictures) {
    // The outermost lines have too few neighbours.
    const inner = rows.slice(4, -4);
    expect(Math.max(...inner) - Math.min(...inner)).toBeLessThan(30);
  }
});

test("a recording of a running stream begins where it begins", async () => {
  const clip = await makeFiltered(
    join(directory, "running.ts"),
    "color=black:s=64x36:r=10:d=0.4,geq=lum='16+40*N':cb=128:cr=128",
    "libx264",
  );

  const pictures = await columnsOf(clip, 32);

  // Time in such a file begins at 1.4 s.
  expect(pictures).toHaveLength(4);
  expect(pictures[1]?.[0]).toBeGreaterThan((pictures[0]?.[0] ?? 0) + 20);
});

test("of six channels the middle, where people speak, is as loud as left and right", async () => {
  const sine = (hertz: number) => `0.5*sin(2*PI*${hertz}*t)`;
  const file = await makeFiltered(
    join(directory, "surround.wav"),
    `aevalsrc=${sine(300)}|0|${sine(500)}|${sine(60)}|0|${sine(700)}:c=5.1:s=48000:d=0.5,aformat=s16`,
    "pcm_s16le",
  );

  const left = await soundOf(file);

  const heard = [300, 500, 60, 700].map((hertz) => strengthOf(left, hertz, 0.1, 0.4));
  for (const [at, share] of [1, Math.SQRT1_2, 0, 0].entries()) {
    expect(heard[at]).toBeCloseTo(0.5 * share, 2);
  }
});
