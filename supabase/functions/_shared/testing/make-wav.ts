export interface Sound {
  seconds: number;
  /** Of a 440 Hz tone, 0 to 1. */
  amplitude: number;
  /** Value of one sample in the middle. */
  click?: number;
  sampleRate?: number;
  channels?: number;
  bits?: number;
  encoding?: number;
  /** Bytes of an unknown chunk before the data. */
  extraChunkBytes?: number;
  /** What the data chunk's length field says, where it lies. */
  statedDataBytes?: number;
}

/** Tests only: a WAV file of a tone. */
export function makeWav(sound: Sound): Uint8Array<ArrayBuffer> {
  const { sampleRate = 8000, channels = 1, bits = 16, encoding = 1 } = sound;
  const frames = Math.round(sound.seconds * sampleRate);
  const dataBytes = frames * channels * 2;
  const extra =
    sound.extraChunkBytes === undefined
      ? 0
      : 8 + sound.extraChunkBytes + (sound.extraChunkBytes % 2);
  const bytes = new Uint8Array(44 + extra + dataBytes);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, text: string): void => bytes.set(new TextEncoder().encode(text), at);
  tag(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  tag(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, encoding, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, bits, true);
  if (sound.extraChunkBytes !== undefined) {
    tag(36, "LIST");
    view.setUint32(40, sound.extraChunkBytes, true);
  }
  tag(36 + extra, "data");
  view.setUint32(40 + extra, sound.statedDataBytes ?? dataBytes, true);
  for (let index = 0; index < frames * channels; index++) {
    const frame = Math.floor(index / channels);
    const tone = sound.amplitude * Math.sin((2 * Math.PI * 440 * frame) / sampleRate);
    const value =
      sound.click !== undefined && index === Math.floor(frames / 2) ? sound.click : tone;
    view.setInt16(44 + extra + index * 2, Math.round(value * 32767), true);
  }
  return bytes;
}
