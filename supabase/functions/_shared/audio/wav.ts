import { StageError } from "../errors.ts";

/** What can be said of a WAV file by looking at its samples. */
export interface WavFacts {
  durationMs: number;
  sampleRate: number;
  channels: number;
  /** Loudest sample, 0 to 1. */
  peak: number;
  /** Root mean square of all samples, 0 to 1. */
  rms: number;
}

/** Below these nobody hears anything: -40 dBFS at the loudest, -54 dBFS on the whole. */
const audible = { peak: 0.01, rms: 0.002 } as const;

/**
 * Reads a WAV file of 16-bit PCM. A length field that is 0 or points past the end, as streamed
 * files carry, means "up to the end". Throws StageError `audio_invalid`.
 */
export function readWav(bytes: Uint8Array): WavFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tagAt(view, 0) !== "RIFF" || tagAt(view, 8) !== "WAVE") {
    throw invalid("is not a WAV file");
  }
  let format: { channels: number; sampleRate: number; frameBytes: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const tag = tagAt(view, at);
    const stated = view.getUint32(at + 4, true);
    const start = at + 8;
    const size = stated === 0 && tag === "data" ? bytes.length - start : stated;
    if (tag === "fmt " && start + 16 <= bytes.length) format = readFormat(view, start);
    if (tag === "data") {
      if (!format) throw invalid("names no format");
      const end = Math.min(start + size, bytes.length);
      const frames = Math.floor((end - start) / format.frameBytes);
      return { ...measure(view, start, frames * format.channels), ...timing(format, frames) };
    }
    at = start + size + (size % 2);
  }
  throw invalid("holds no sound");
}

/** Throws StageError `audio_silent` unless there is something to hear. */
export function requireAudible(facts: WavFacts): void {
  if (facts.durationMs > 0 && facts.peak >= audible.peak && facts.rms >= audible.rms) return;
  throw new StageError("audio_silent", "retry");
}

function readFormat(view: DataView, at: number) {
  const encoding = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  // 0xFFFE is WAVE_FORMAT_EXTENSIBLE, PCM in practice where the samples are 16 bits wide.
  if (
    (encoding !== 1 && encoding !== 0xfffe) ||
    bits !== 16 ||
    channels === 0 ||
    sampleRate === 0
  ) {
    throw invalid("is not 16-bit PCM");
  }
  return { channels, sampleRate, frameBytes: channels * 2 };
}

function timing(format: { channels: number; sampleRate: number }, frames: number) {
  const durationMs = Math.round((frames / format.sampleRate) * 1000);
  return { durationMs, sampleRate: format.sampleRate, channels: format.channels };
}

function measure(view: DataView, start: number, samples: number) {
  let peak = 0;
  let sum = 0;
  for (let index = 0; index < samples; index++) {
    const sample = view.getInt16(start + index * 2, true) / 32768;
    const size = Math.abs(sample);
    if (size > peak) peak = size;
    sum += sample * sample;
  }
  return { peak, rms: samples === 0 ? 0 : Math.sqrt(sum / samples) };
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

function invalid(what: string): StageError {
  return new StageError("audio_invalid", "retry", { detail: `the audio ${what}` });
}
