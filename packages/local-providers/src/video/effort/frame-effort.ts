import type { EncodedPacket, InputVideoTrack } from "mediabunny";
import { reading } from "../unreadable-video.ts";
import { H264Frames } from "./h264-frames.ts";
import { vp8Effort } from "./vp8.ts";
import { vp9Effort } from "./vp9.ts";

/**
 * How much it took to code a frame: its bytes, and where the codec's headers can be read, its bytes
 * at a usual quantiser. An encoder that keeps its bit rate quantises movement more coarsely, and
 * spends on a still picture whatever is left: bytes alone tell neither.
 */
export interface EffortMeter {
  /** Whether frames' data must be read; their sizes are known without. */
  needsData: boolean;
  /** Null where the frame's headers cannot be followed. */
  of(packet: EncodedPacket): number | null;
  /** How many frames the encoder's pattern of large and small ones has at most. */
  patternFrames: number;
  /** Effort that is bookkeeping of the encoder, not movement. */
  floor: number;
  /** How many times the effort of rest movement takes at least: more where bytes stand for themselves. */
  leastRatio: number;
}

/**
 * Pixels to a byte of bookkeeping: what repeats the last frame costs hardly more. Where bytes stand
 * for themselves, refining a still picture may cost more, too.
 */
const PIXELS_PER_BYTE = 4096;
const PIXELS_PER_UNWEIGHED_BYTE = 2048;
const LEAST_FLOOR = 16;
const LEAST_RATIO = 1.6;
const LEAST_UNWEIGHED_RATIO = 2.2;

/** Codecs that pack hidden frames into one of up to so many. */
const HIDDEN_FRAMES_PATTERN = 20;
const USUAL_PATTERN = 8;

export async function effortMeterFor(track: InputVideoTrack): Promise<EffortMeter> {
  const codec = await track.getCodec();
  const pixels = await reading(
    async () => (await track.getDisplayWidth()) * (await track.getDisplayHeight()),
  );
  const patternFrames = codec === "vp9" || codec === "av1" ? HIDDEN_FRAMES_PATTERN : USUAL_PATTERN;
  const floorOf = (perByte: number) => Math.max(LEAST_FLOOR, pixels / perByte);
  const weighed = {
    needsData: true,
    patternFrames,
    floor: floorOf(PIXELS_PER_BYTE),
    leastRatio: LEAST_RATIO,
  };
  if (codec === "vp9") return { ...weighed, of: ({ data }) => vp9Effort(data) };
  if (codec === "vp8") return { ...weighed, of: ({ data }) => vp8Effort(data) };
  if (codec === "avc") {
    const frames = await H264Frames.of(track);
    return { ...weighed, of: ({ data }) => frames.effort(data, weighed.floor) };
  }
  return {
    needsData: false,
    patternFrames,
    floor: floorOf(PIXELS_PER_UNWEIGHED_BYTE),
    leastRatio: LEAST_UNWEIGHED_RATIO,
    of: ({ byteLength }) => byteLength,
  };
}
