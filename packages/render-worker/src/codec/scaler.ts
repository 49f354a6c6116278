import * as av from "node-av";
import type { Size } from "../plan/place.ts";
import type { Colour } from "./codec.ts";

/** FFmpeg's scaler into one frame that is used again and again. */
export interface Scaler {
  /** The frame of the last call, scaled and in the target's format and colours. */
  readonly frame: av.Frame;
  scale(source: av.Frame): Promise<av.Frame>;
  close(): void;
}

/**
 * Left uninitialised, the context reads size, format and colours from the two frames of each call:
 * it converts with the matrix that each of them names, and not with BT.601 for all.
 */
export function openScaler(size: Size, format: av.AVPixelFormat, colour: Colour): Scaler {
  const context = new av.SoftwareScaleContext();
  context.allocContext();
  const frame = new av.Frame();
  frame.alloc();
  frame.width = size.width;
  frame.height = size.height;
  frame.format = format;
  tag(frame, colour, format === av.AV_PIX_FMT_RGBA);
  must(frame.allocBuffer(), "allocate a picture");
  return {
    frame,
    async scale(source) {
      must(await context.scaleFrame(frame, source), "scale a picture");
      return frame;
    },
    close() {
      context.freeContext();
      frame.free();
    },
  };
}

/** Writes on a frame how its numbers are colours. */
export function tag(frame: av.Frame, colour: Colour, isRgb: boolean): void {
  frame.colorPrimaries = colour.primaries as av.AVColorPrimaries;
  frame.colorTrc = colour.transfer as av.AVColorTransferCharacteristic;
  frame.colorSpace = isRgb ? av.AVCOL_SPC_RGB : (colour.matrix as av.AVColorSpace);
  frame.colorRange = isRgb ? av.AVCOL_RANGE_JPEG : av.AVCOL_RANGE_MPEG;
}

/** @throws av.FFmpegError for a negative answer */
export function must(answer: number, what: string): void {
  av.FFmpegError.throwIfError(answer, what);
}
