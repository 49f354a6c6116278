/** The quantiser index that a frame's bytes are counted at: about what good pictures have. */
const USUAL_STEP = stepOf(40);
const KEY_HEADER_BYTES = 7;

/**
 * The bytes a VP8 frame would have at a usual quantiser; null where its header cannot be followed.
 * Browsers record with VP8, and keep their bit rate by the quantiser.
 */
export function vp8Effort(frame: Uint8Array): number | null {
  const index = vp8QuantiserIndex(frame);
  return index === null ? null : frame.length * (stepOf(index) / USUAL_STEP);
}

/** Nearly the steps of the standard's table (RFC 6386 §14.1): from 4 to 157 in 128 steps. */
function stepOf(index: number): number {
  return index <= 60 ? index + 4 : 64 * (157 / 64) ** ((index - 60) / 67);
}

/** `y_ac_qi` of a frame's header (RFC 6386 §9 and §19.2). */
export function vp8QuantiserIndex(frame: Uint8Array): number | null {
  if (frame.length < 4) return null;
  const isKey = ((frame[0] ?? 0) & 1) === 0;
  const reader = new BooleanDecoder(frame.subarray(3 + (isKey ? KEY_HEADER_BYTES : 0)));
  if (isKey) reader.bits(2);
  if (reader.flag()) skipSegmentation(reader);
  reader.bits(1 + 6 + 3);
  if (reader.flag() && reader.flag()) {
    for (let delta = 0; delta < 8; delta++) if (reader.flag()) reader.bits(7);
  }
  reader.bits(2);
  const index = reader.bits(7);
  return reader.isPastEnd ? null : index;
}

function skipSegmentation(reader: BooleanDecoder): void {
  const hasMap = reader.flag();
  if (reader.flag()) {
    reader.bits(1);
    for (let segment = 0; segment < 4; segment++) if (reader.flag()) reader.bits(8);
    for (let segment = 0; segment < 4; segment++) if (reader.flag()) reader.bits(7);
  }
  if (hasMap) for (let node = 0; node < 3; node++) if (reader.flag()) reader.bits(8);
}

/** Decodes bits of even odds (RFC 6386 §7). */
class BooleanDecoder {
  readonly #bytes: Uint8Array;
  #at = 2;
  #value: number;
  #range = 255;
  #shifted = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#value = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  }

  get isPastEnd(): boolean {
    return this.#at > this.#bytes.length;
  }

  flag(): boolean {
    const split = 1 + ((this.#range - 1) >> 1);
    const isSet = this.#value >= split << 8;
    if (isSet) {
      this.#range -= split;
      this.#value -= split << 8;
    } else this.#range = split;
    while (this.#range < 128) {
      this.#value *= 2;
      this.#range *= 2;
      this.#shifted += 1;
      if (this.#shifted < 8) continue;
      this.#shifted = 0;
      this.#value |= this.#bytes[this.#at++] ?? 0;
    }
    return isSet;
  }

  bits(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) value = value * 2 + (this.flag() ? 1 : 0);
    return value;
  }
}
