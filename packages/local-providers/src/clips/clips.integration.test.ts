import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EncodedPacketSink, FilePathSource, Input, MATROSKA, MPEG_TS, WEBM } from "mediabunny";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { H264Quantisers } from "../video/effort/h264-quantisers.ts";
import { unitsWithStartCodes } from "../video/effort/nal-units.ts";
import { vp8QuantiserIndex } from "../video/effort/vp8.ts";
import type { Clip } from "./clip.ts";
import { CLIPS } from "./clip-list.ts";
import { judge } from "./judge.ts";
import { makeClips } from "./make-clips.ts";
import { findTools, type Tools } from "./tools.ts";

const clips = CLIPS.filter(({ isSlow }) => isSlow !== true);

/** Clips whose every frame is coded at one quantiser, by what stands in front of it differs. */
const steady = "-c:v libx264 -x264-params qp=33:ipratio=1:pbratio=1 -preset veryfast -t 1";
const QUANTISED: Clip[] = [
  { file: "baseline.ts", args: `${steady} -profile:v baseline` },
  { file: "main.ts", args: `${steady} -profile:v main -bf 3 -refs 4` },
  { file: "weighted.ts", args: `${steady} -preset slow -vf fade=out:0:15` },
  { file: "interlaced.ts", args: `${steady} -flags +ildct+ilme -slices 3` },
  { file: "colourful.ts", args: `${steady} -pix_fmt yuv444p` },
  { file: "grey.ts", args: `${steady} -pix_fmt gray` },
  { file: "vp8.webm", args: "-c:v libvpx -qmin 30 -qmax 30 -t 1" },
].map((clip) => ({ ...clip, from: "moves", file: `quantised-${clip.file}`, shows: [] }));

let folder: string;
let tools: Tools;
beforeAll(async () => {
  tools = await findTools();
  folder = await mkdtemp(join(tmpdir(), "sideline-clips-"));
  await makeClips([...clips, ...QUANTISED], folder, tools);
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

async function* framesOf(file: string): AsyncGenerator<Uint8Array> {
  const source = new FilePathSource(join(folder, file));
  using input = new Input({ source, formats: [MPEG_TS, WEBM, MATROSKA] });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error(`${file} has no video`);
  for await (const { data } of new EncodedPacketSink(track).packets()) yield data;
}

describe("the quantiser of a frame", () => {
  const h264 = QUANTISED.filter(({ file }) => file.endsWith(".ts")).map(({ file }) => file);

  it.each(h264)("is read from every slice of %s", async (file) => {
    const quantisers = new H264Quantisers();
    const found: (number | null)[] = [];
    for await (const frame of framesOf(file)) {
      const read = [...unitsWithStartCodes(frame)].map((unit) => quantisers.of(unit));
      found.push(...read.filter((quantiser) => quantiser !== null));
    }

    expect(found.length).toBeGreaterThanOrEqual(15);
    expect(new Set(found)).toEqual(new Set([33]));
  });

  it("is read from every frame of VP8", async () => {
    const found: (number | null)[] = [];
    for await (const frame of framesOf("quantised-vp8.webm")) found.push(vp8QuantiserIndex(frame));

    // What libvpx makes of its own 30.
    expect(new Set(found)).toEqual(new Set([39]));
  });
});
