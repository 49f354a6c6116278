/** What can be said of a recording's sound without listening. */
export interface WavMeasure {
  durationSeconds: number;
  sampleRate: number;
  /** Root mean square of all samples, 0 (silence) to 1. */
  loudness: number;
}

/**
 * Measures a WAV of 16-bit PCM.
 * @throws Error where the bytes are anything else
 */
export function measureWav(bytes: Uint8Array): WavMeasure {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 44 || tag(0) !== "RIFF" || tag(8) !== "WAVE") throw new Error("not a WAV");

  let format: { channels: number; sampleRate: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === "fmt ") {
      if (view.getUint16(body, true) !== 1 || view.getUint16(body + 14, true) !== 16) {
        throw new Error("not 16-bit PCM");
      }
      const channels = view.getUint16(body + 2, true);
      format = { channels, sampleRate: view.getUint32(body + 4, true) };
    }
    if (tag(at) === "data" && format) {
      const count = Math.floor(Math.min(size, bytes.length - body) / 2);
      let sum = 0;
      for (let index = 0; index < count; index += 1) {
        sum += (view.getInt16(body + index * 2, true) / 32_768) ** 2;
      }
      return {
        durationSeconds: count / format.channels / format.sampleRate,
        sampleRate: format.sampleRate,
        loudness: count > 0 ? Math.sqrt(sum / count) : 0,
      };
    }
    // Chunks are padded to an even length.
    at = body + size + (size % 2);
  }
  throw new Error("a WAV without samples");
}

/** Speech: longer than half a second and clearly above silence. */
export function isAudible({ durationSeconds, loudness }: WavMeasure): boolean {
  return durationSeconds > 0.5 && loudness > 0.005;
}
