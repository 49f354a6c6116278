/** One unit of an H.264 or HEVC frame: `[start, end)` of `bytes`, header included. */
export interface NalUnit {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/** The units of a frame with their lengths in front, as MP4 and Matroska keep it. */
export function* unitsWithLengths(bytes: Uint8Array, lengthBytes: number): Generator<NalUnit> {
  for (let at = 0; at + lengthBytes < bytes.length; ) {
    let length = 0;
    for (let index = 0; index < lengthBytes; index++) length = length * 256 + (bytes[at++] ?? 0);
    const end = Math.min(bytes.length, at + length);
    yield { bytes, start: at, end };
    at = end;
  }
}

/** The units of a frame with start codes between them, as transport streams keep it. */
export function* unitsWithStartCodes(bytes: Uint8Array): Generator<NalUnit> {
  let start = -1;
  for (let at = bytes.indexOf(1, 2); at !== -1; at = bytes.indexOf(1, at + 1)) {
    if (bytes[at - 1] !== 0 || bytes[at - 2] !== 0) continue;
    if (start >= 0) yield { bytes, start, end: at - 2 };
    start = at + 1;
  }
  if (start >= 0) yield { bytes, start, end: bytes.length };
}

/** The first bytes behind a unit's header, without those that keep start codes out of it. */
export function payloadOf(
  { bytes, start, end }: NalUnit,
  header: number,
  most: number,
): Uint8Array {
  const payload: number[] = [];
  let zeros = 0;
  for (let at = start + header; at < end && payload.length < most; at++) {
    const byte = bytes[at] ?? 0;
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    payload.push(byte);
  }
  return Uint8Array.from(payload);
}
