import type { InputVideoTrack } from "mediabunny";
import { reading } from "../unreadable-video.ts";
import { H264Quantisers } from "./h264-quantisers.ts";
import { type NalUnit, unitsWithLengths, unitsWithStartCodes } from "./nal-units.ts";

/** The quantiser that a frame's bytes are counted at: about what good pictures have. */
const USUAL_QUANTISER = 28;
/** Six steps of the quantiser double what it divides by. */
const STEPS_TO_DOUBLE = 6;

/** Reads the frames of an H.264 track. */
export class H264Frames {
  readonly #quantisers = new H264Quantisers();
  /** Null where start codes stand between the units. */
  #lengthBytes: number | null = null;

  static async of(track: InputVideoTrack): Promise<H264Frames> {
    const frames = new H264Frames();
    const description = (await reading(() => track.getDecoderConfig()))?.description;
    if (description !== undefined) frames.#readConfiguration(bytesOf(description));
    return frames;
  }

  /**
   * The bytes of a frame's slices, without filler and messages, at a usual quantiser; null where
   * its headers cannot be followed. What a frame costs that repeats the last one, `bookkeeping`,
   * is the same at every quantiser and left out.
   */
  effort(frame: Uint8Array, bookkeeping: number): number | null {
    let bytes = 0;
    let quantiser: number | null = null;
    for (const unit of this.#unitsOf(frame)) {
      const found = this.#quantisers.of(unit);
      if (found === null) continue;
      quantiser ??= found;
      bytes += unit.end - unit.start;
    }
    if (quantiser === null) return null;
    const beyond = Math.max(0, bytes - bookkeeping);
    return beyond * 2 ** ((quantiser - USUAL_QUANTISER) / STEPS_TO_DOUBLE);
  }

  #unitsOf(frame: Uint8Array): Iterable<NalUnit> {
    return this.#lengthBytes === null
      ? unitsWithStartCodes(frame)
      : unitsWithLengths(frame, this.#lengthBytes);
  }

  /** The parameter sets of an `avcC` box (ISO/IEC 14496-15 §5.3.3). */
  #readConfiguration(bytes: Uint8Array): void {
    this.#lengthBytes = ((bytes[4] ?? 3) & 3) + 1;
    let at = 5;
    for (const mask of [31, 255]) {
      for (let left = (bytes[at++] ?? 0) & mask; left > 0; left--) {
        const start = at + 2;
        const end = start + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
        this.#quantisers.of({ bytes, start, end });
        at = end;
      }
    }
  }
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
