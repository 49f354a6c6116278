import { StageError } from "../errors.ts";

/** What can be said of an MP3 file without decoding it. */
export interface Mp3Facts {
  durationMs: number;
  /** Bits of sound in its fullest frame, headers and padding aside; digital silence has none. */
  fullestFrameBits: number;
}

/** kbit/s by index, of MPEG-1 and of MPEG-2 and 2.5, layer III. */
const bitrates = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const sampleRates = [44_100, 48_000, 32_000] as const;

interface Frame {
  bytes: number;
  seconds: number;
  isMono: boolean;
  isMpeg1: boolean;
  hasChecksum: boolean;
}

/**
 * Walks the frames of an MP3 file (layer III). Tags before and junk between frames are skipped, a
 * cut last frame is not counted. Throws StageError `audio_invalid`.
 */
export function readMp3(bytes: Uint8Array): Mp3Facts {
  let at = startOf(bytes);
  let seconds = 0;
  let fullestFrameBits = 0;
  let frames = 0;
  while (at + 4 <= bytes.length) {
    const frame = readHeader(bytes, at);
    if (!frame || at + frame.bytes > bytes.length) {
      at += 1;
      continue;
    }
    // The first frame may be a table of contents that players do not play.
    if (frames > 0 || !isInfoFrame(bytes, at, frame)) {
      seconds += frame.seconds;
      fullestFrameBits = Math.max(fullestFrameBits, soundBits(bytes, at, frame));
    }
    frames += 1;
    at += frame.bytes;
  }
  if (seconds === 0) throw invalid("holds no MP3 frame");
  return { durationMs: Math.round(seconds * 1000), fullestFrameBits };
}

/** Whether it begins as MP3 files do: with an ID3 tag or a frame. */
export function looksLikeMp3(bytes: Uint8Array): boolean {
  return startOf(bytes) > 0 || readHeader(bytes, 0) !== null;
}

/** Throws StageError `audio_silent` unless there is something to hear. */
export function requireSound(facts: Mp3Facts): void {
  if (facts.durationMs > 0 && facts.fullestFrameBits > 0) return;
  throw new StageError("audio_silent", "retry");
}

/** Behind the ID3v2 tag, whose length is written seven bits a byte. */
function startOf(bytes: Uint8Array): number {
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(0, 3)) !== "ID3") return 0;
  return 10 + bytes.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 0x7f), 0);
}

function readHeader(bytes: Uint8Array, at: number): Frame | null {
  const [sync = 0, version = 0, rates = 0, mode = 0] = bytes.subarray(at, at + 4);
  if (sync !== 0xff || (version & 0xe0) !== 0xe0) return null;
  const generation = (version >> 3) & 3;
  if (generation === 1 || ((version >> 1) & 3) !== 1) return null;
  const isMpeg1 = generation === 3;
  const kilobits = bitrates[isMpeg1 ? 0 : 1][rates >> 4];
  const baseRate = sampleRates[(rates >> 2) & 3];
  if (!kilobits || !baseRate) return null;
  const sampleRate = isMpeg1 ? baseRate : baseRate / (generation === 2 ? 2 : 4);
  const samples = isMpeg1 ? 1152 : 576;
  const padding = (rates >> 1) & 1;
  return {
    bytes: Math.floor((samples / 8) * ((kilobits * 1000) / sampleRate)) + padding,
    seconds: samples / sampleRate,
    isMono: mode >> 6 === 3,
    isMpeg1,
    hasChecksum: (version & 1) === 0,
  };
}

function sideInfoAt(at: number, frame: Frame): number {
  return at + 4 + (frame.hasChecksum ? 2 : 0);
}

function isInfoFrame(bytes: Uint8Array, at: number, frame: Frame): boolean {
  const size = frame.isMpeg1 ? (frame.isMono ? 17 : 32) : frame.isMono ? 9 : 17;
  const start = sideInfoAt(at, frame) + size;
  return ["Xing", "Info"].includes(String.fromCharCode(...bytes.subarray(start, start + 4)));
}

/** `part2_3_length` of all granules and channels: what the side information says is there to hear. */
function soundBits(bytes: Uint8Array, at: number, frame: Frame): number {
  const channels = frame.isMono ? 1 : 2;
  const granules = frame.isMpeg1 ? 2 : 1;
  // main_data_begin, private bits, scfsi
  const lead = frame.isMpeg1 ? 9 + (frame.isMono ? 5 : 3) + 4 * channels : 8 + channels;
  const perGranule = frame.isMpeg1 ? 59 : 63;
  const start = sideInfoAt(at, frame) * 8 + lead;
  let bits = 0;
  for (let part = 0; part < channels * granules; part++) {
    bits += readBits(bytes, start + part * perGranule, 12);
  }
  return bits;
}

function readBits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let bit = start; bit < start + count; bit++) {
    value = value * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  }
  return value;
}

function invalid(what: string): StageError {
  return new StageError("audio_invalid", "retry", { detail: `the audio ${what}` });
}
