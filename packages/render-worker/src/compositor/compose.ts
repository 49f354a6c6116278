import { type Canvas, createCanvas } from "@napi-rs/canvas";
import type { Codec, Colour, Picture, Writer } from "../codec/codec.ts";
import { usualColour } from "../codec/colour.ts";
import { frameOf } from "../plan/frame.ts";
import type { Size } from "../plan/place.ts";
import { planTimeline, type Timeline } from "../plan/timeline.ts";
import { sampleRate } from "../sound/format.ts";
import { createMixer, type Mixer } from "../sound/mixer.ts";
import { tracksOf } from "../sound/tracks.ts";
import type { Job, Spent } from "./job.ts";
import { type Layer, layersOf } from "./layers.ts";
import { type Within, within } from "./memory.ts";
import { openSources, type Sources } from "./sources.ts";

export interface Composed {
  frames: number;
  seconds: number;
  hasSound: boolean;
}

/** Is told how many of all pictures are done. */
export type OnFrame = (done: number, all: number, spent: Spent) => void;

/** Seconds that sums of seconds may be off by. */
const rounding = 1e-6;

/**
 * Makes the file: picture after picture is decoded, drawn and encoded, and its sound mixed beside
 * it, each waiting for the one before; nothing is held that grows with the length.
 * Throws RenderError.
 */
export async function compose(job: Job, codec: Codec, onFrame: OnFrame): Promise<Composed> {
  const check = within(job.memoryBytes);
  const sources = await openSources(job, codec, check);
  try {
    const timeline = planTimeline(job, sources.measured);
    const tracks = tracksOf(timeline, {
      ...sources,
      elements: sources.media,
      duck: job.coaching?.mode === "duck",
    });
    const { fps, format, output: file } = job;
    const frame = frameOf(job, sources.clip?.pictures?.size ?? null);
    const colour = colourOf(sources);
    const sound = tracks.length > 0;
    const writer = await codec.write({ file, format, ...frame, fps, colour, sound });
    const mixer = sound ? createMixer(tracks, writer.soundDelay) : null;
    await drawAll({
      frame,
      job,
      timeline,
      layers: layersOf(job, frame, timeline, sources),
      writer,
      mixer,
      check,
      onFrame,
    });
    await mixer?.close();
    const written = await writer.finish();
    return { frames: written.frames, seconds: timeline.seconds, hasSound: sound };
  } finally {
    sources.close();
  }
}

async function drawAll(work: {
  frame: Size;
  job: Job;
  timeline: Timeline;
  layers: Layer[];
  writer: Writer;
  mixer: Mixer | null;
  check: Within;
  onFrame: OnFrame;
}): Promise<void> {
  const { frame: size, job, timeline, layers, mixer, check, onFrame } = work;
  const began = performance.now();
  let encoding = 0;
  const writer = timed(work.writer, (seconds) => {
    encoding += seconds;
  });
  const canvas = createCanvas(size.width, size.height);
  const background = job.options.background ?? "#000000";
  const open = new Set(layers);
  let last: readonly unknown[] = [];
  let heard = 0;
  for (let frame = 0; frame < timeline.frames; frame++) {
    const now = frame / job.fps + rounding;
    const seen: Seen[] = [];
    for (const layer of open) {
      if (now >= layer.to) {
        open.delete(layer);
        await layer.close();
      } else if (now >= layer.from) {
        seen.push({ layer, picture: await layer.look(now) });
        check();
      }
    }
    const look = seen.flatMap(({ layer, picture }) => [layer, picture]);
    const isSame =
      frame > 0 && look.length === last.length && look.every((one, at) => one === last[at]);
    last = look;
    if (isSame) await writer.again();
    else await drawOne(seen, canvas, background, writer, check);
    const until = Math.round(((frame + 1) / job.fps) * sampleRate);
    if (mixer) await writer.sound(await mixer.read(until - heard));
    heard = until;
    const composition = (performance.now() - began) / 1000 - encoding;
    onFrame(frame + 1, timeline.frames, { composition, encoding });
  }
  for (const layer of open) await layer.close();
}

/** The same writer; how long each of its works took is told. */
function timed(writer: Writer, tell: (seconds: number) => void): Pick<Writer, Encodes> {
  const during = async (work: Promise<void>): Promise<void> => {
    const began = performance.now();
    await work;
    tell((performance.now() - began) / 1000);
  };
  return {
    pixels: (rgba) => during(writer.pixels(rgba)),
    picture: (picture) => during(writer.picture(picture)),
    again: () => during(writer.again()),
    sound: (block) => during(writer.sound(block)),
  };
}

type Encodes = "pixels" | "picture" | "again" | "sound";

interface Seen {
  layer: Layer;
  picture: Picture | null;
}

async function drawOne(
  seen: readonly Seen[],
  canvas: Canvas,
  background: string,
  writer: Pick<Writer, Encodes>,
  check: Within,
): Promise<void> {
  const top = seen.at(-1);
  if (top?.layer.fills && top.picture) return await writer.picture(top.picture);
  const context = canvas.getContext("2d");
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const { layer } of seen) {
    await layer.draw(context);
    check();
  }
  const pixels = canvas.data();
  await writer.pixels(pixels);
  giveBack(pixels);
}

/** Megabytes outside of V8's heap, which does not know how urgent it is to collect them. */
function giveBack({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

function colourOf({ clip, media }: Sources): Colour {
  const first = [clip, ...media.values()].find((one) => one?.pictures);
  return first?.pictures?.colour ?? usualColour;
}
