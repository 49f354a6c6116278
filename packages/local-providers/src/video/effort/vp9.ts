import { BitReader } from "./bit-reader.ts";

const FRAME_MARKER = 2;
const RGB = 7;
/** The quantiser index that a frame's bytes are counted at: about what good pictures have. */
const USUAL_STEP = stepOf(60);

/**
 * The bytes a VP9 packet would have at a usual quantiser. A real-time encoder keeps its bit rate
 * under movement by quantising more coarsely, so its packets hardly grow; bytes times step does.
 *
 * A packet may hold hidden frames before the shown one (a superframe); each counts with its own
 * quantiser. Falls back to the packet's bytes where a header cannot be followed.
 */
export function vp9Effort(packet: Uint8Array): number {
  let effort = 0;
  for (const frame of framesOf(packet)) {
    const index = quantiserIndex(frame);
    effort += frame.length * (index === null ? 1 : stepOf(index) / USUAL_STEP);
  }
  return effort;
}

/** Nearly the step of the standard's table for 8 bits: even steps at first, even ratios above 100. */
function stepOf(index: number): number {
  return index <= 100 ? index + 8 : 108 * (1828 / 108) ** ((index - 100) / 155);
}

/** The frames of a superframe (VP9 annex B), or the packet itself. */
function framesOf(packet: Uint8Array): Uint8Array[] {
  const marker = packet.at(-1) ?? 0;
  if (marker >> 5 !== 6) return [packet];
  const count = (marker & 7) + 1;
  const sizeBytes = ((marker >> 3) & 3) + 1;
  const indexAt = packet.length - 2 - sizeBytes * count;
  if (indexAt < 0 || packet[indexAt] !== marker) return [packet];
  const frames: Uint8Array[] = [];
  let at = 0;
  for (let frame = 0; frame < count; frame++) {
    let size = 0;
    for (let byte = sizeBytes - 1; byte >= 0; byte--) {
      size = size * 256 + (packet[indexAt + 1 + frame * sizeBytes + byte] ?? 0);
    }
    frames.push(packet.subarray(at, Math.min(at + size, indexAt)));
    at += size;
  }
  return frames;
}

/** `base_q_idx` of a frame's uncompressed header (VP9 §6.2); null for a repeated frame. */
export function quantiserIndex(frame: Uint8Array): number | null {
  const reader = new BitReader(frame.subarray(0, 64));
  if (reader.bits(2) !== FRAME_MARKER) return null;
  const profile = reader.bits(1) + 2 * reader.bits(1);
  if (profile === 3) reader.skip(1);
  if (reader.flag()) return null;
  const isKey = !reader.flag();
  const isShown = reader.flag();
  const isResilient = reader.flag();
  if (isKey) {
    reader.skip(24);
    skipColour(reader, profile);
    reader.skip(32);
    skipRenderSize(reader);
  } else skipReferences(reader, { profile, isShown, isResilient });
  if (!isResilient) reader.skip(2);
  reader.skip(2);
  reader.skip(9);
  if (reader.flag() && reader.flag()) {
    for (let delta = 0; delta < 6; delta++) if (reader.flag()) reader.skip(7);
  }
  const index = reader.bits(8);
  return reader.isPastEnd ? null : index;
}

function skipReferences(
  reader: BitReader,
  { profile, isShown, isResilient }: { profile: number; isShown: boolean; isResilient: boolean },
): void {
  const isIntraOnly = isShown ? false : reader.flag();
  if (!isResilient) reader.skip(2);
  if (isIntraOnly) {
    reader.skip(24);
    if (profile > 0) skipColour(reader, profile);
    reader.skip(8 + 32);
    skipRenderSize(reader);
    return;
  }
  reader.skip(8 + 12);
  const hasKnownSize = reader.flag() || reader.flag() || reader.flag();
  if (!hasKnownSize) reader.skip(32);
  skipRenderSize(reader);
  reader.skip(1);
  if (!reader.flag()) reader.skip(2);
}

function skipColour(reader: BitReader, profile: number): void {
  if (profile >= 2) reader.skip(1);
  const isOdd = profile === 1 || profile === 3;
  if (reader.bits(3) !== RGB) reader.skip(isOdd ? 4 : 1);
  else if (isOdd) reader.skip(1);
}

function skipRenderSize(reader: BitReader): void {
  if (reader.flag()) reader.skip(32);
}
