import { toAvFrame } from "@mediabunny/server";
import { limits } from "@sideline/contracts";
import { type InputVideoTrack, type VideoSample, VideoSampleSink } from "mediabunny";
import * as av from "node-av";
import type { Size } from "../plan/place.ts";
import { RenderError } from "../render-error.ts";
import type { Picture, Pictures } from "./codec.ts";
import { sayColour, writtenColour } from "./colour.ts";
import { deinterlaced } from "./deinterlace.ts";
import { openScaler, type Scaler } from "./scaler.ts";

/** What the scaler and the writer work on; not told in `codec.ts`, where no codec has a name. */
export interface DecodedPicture extends Picture {
  readonly frame: av.Frame;
}

export interface ReadPictures extends Pictures {
  close(): void;
}

/**
 * Looks at the first picture, for the colours and because a header may say anything.
 * @param origin the second of the file that is the player's first
 */
export async function readPictures(track: InputVideoTrack, origin: number): Promise<ReadPictures> {
  refuseHuge({ width: await track.getCodedWidth(), height: await track.getCodedHeight() });
  const sink = new VideoSampleSink(track);
  let scaler: Scaler | null = null;
  let scaled: Size = { width: 0, height: 0 };
  let seen: ReturnType<typeof pixelsIn> | null = null;

  const decoded = (frame: av.Frame): DecodedPicture => {
    const { num, den } = frame.timeBase;
    sayColour(frame, colour);
    return {
      frame,
      width: frame.width,
      height: frame.height,
      timestamp: (Number(frame.pts) * num) / den - origin,
      async toRgba(size) {
        if (!scaler || scaled.width !== size.width || scaled.height !== size.height) {
          scaler?.close();
          scaler = openScaler(size, av.AV_PIX_FMT_RGBA, colour);
          scaled = { ...size };
          seen = null;
        }
        const { frame: target } = scaler;
        await scaler.scale(frame);
        // Its pixels stay where they are: V8 is asked once for a view of them, and not for each picture.
        seen ??= pixelsIn(target, size);
        return seen();
      },
      close: () => frame.free(),
    };
  };
  const first = await sink.getSample(await track.getFirstTimestamp());
  if (!first) throw new RenderError("element_unreadable", "a video without a picture");
  const frame = await takeFrame(first);
  const colour = writtenColour(frame);
  frame.free();
  return {
    size: { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() },
    rotation: await track.getRotation(),
    seconds: (await track.computeDuration()) - origin,
    colour,
    async *from(start) {
      for await (const whole of deinterlaced(framesOf(sink.samples(start + origin)))) {
        yield decoded(whole);
      }
    },
    close() {
      scaler?.close();
      scaler = null;
    },
  };
}

async function* framesOf(samples: AsyncIterable<VideoSample>): AsyncGenerator<av.Frame> {
  for await (const sample of samples) yield await takeFrame(sample);
}

async function takeFrame(sample: VideoSample): Promise<av.Frame> {
  using taken = sample;
  const frame = new av.Frame();
  frame.alloc();
  await toAvFrame(taken, frame);
  refuseHuge(frame);
  return frame;
}

function refuseHuge({ width, height }: Size): void {
  if (Math.max(width, height) <= limits.pictureSide) return;
  throw new RenderError("element_too_large", `a video of ${width} by ${height} pixels`);
}

/** Reads what a frame holds at the time. Rows may be padded; a canvas takes them without. */
function pixelsIn(frame: av.Frame, { width, height }: Size): () => Uint8ClampedArray<ArrayBuffer> {
  const row = width * 4;
  const [plane] = frame.data ?? [];
  const stride = frame.linesize[0] ?? row;
  if (!plane || !(plane.buffer instanceof ArrayBuffer)) throw new Error("A picture has no pixels.");
  const whole = new Uint8ClampedArray(plane.buffer, plane.byteOffset, stride * height);
  if (stride === row) return () => whole;
  const pixels = new Uint8ClampedArray(row * height);
  return () => {
    for (let line = 0; line < height; line++) {
      pixels.set(whole.subarray(line * stride, line * stride + row), line * row);
    }
    return pixels;
  };
}
