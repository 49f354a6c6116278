import type { RenderFormat } from "@sideline/contracts";
import type { Size } from "../plan/place.ts";
import type { SoundBlocks } from "../sound/format.ts";

/** A decoded picture, upright or not; whoever gets it closes it. */
export interface Picture extends Size {
  /** Seconds in its file. */
  readonly timestamp: number;
  /** Pixels at this size, row by row, in red, green, blue and alpha; valid until the next call. */
  toRgba(size: Size): Promise<Uint8ClampedArray<ArrayBuffer>>;
  close(): void;
}

export interface Pictures {
  /** As it is to be seen: turned, and with square pixels. */
  size: Size;
  /** Degrees clockwise by which each picture is to be turned. */
  rotation: 0 | 90 | 180 | 270;
  seconds: number;
  /** The colours that they are to be written in. */
  colour: Colour;
  /** From the picture that is seen at this second on, in their order. */
  from(seconds: number): AsyncIterable<Picture>;
}

export interface Sound {
  seconds: number;
  /** From this second of the file on. */
  from(seconds: number): SoundBlocks;
}

export interface Media {
  pictures: Pictures | null;
  sound: Sound | null;
  close(): void;
}

/** How numbers of a picture are colours: H.273's code points, 2 for what is not said. */
export interface Colour {
  primaries: number;
  transfer: number;
  matrix: number;
}

export interface WriterOptions extends Size {
  file: string;
  format: RenderFormat;
  fps: number;
  colour: Colour;
  sound: boolean;
}

/** Writes a file as it goes; nothing of it is held but the index. */
export interface Writer {
  /** The next picture, from pixels of its own size. */
  pixels(rgba: Buffer): Promise<void>;
  /** The next picture, scaled to the whole frame without a detour over pixels. */
  picture(picture: Picture): Promise<void>;
  /** The same picture once more. */
  again(): Promise<void>;
  sound(block: Float32Array): Promise<void>;
  /** Samples that the sound in the file comes late by, as encoders need a run-up. */
  readonly soundDelay: number;
  finish(): Promise<{ frames: number }>;
}

export interface Codec {
  /** Throws RenderError `element_unreadable` or `element_too_large`. */
  open(file: string): Promise<Media>;
  write(options: WriterOptions): Promise<Writer>;
}
