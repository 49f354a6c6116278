export const WAV_HEADER_BYTES = 44;

/** 16-bit mono PCM as a RIFF/WAVE file: what Cloud Text-to-Speech calls LINEAR16. */
export function encodeWav(samples: Int16Array, sampleRate: number): Buffer {
  const dataBytes = samples.length * 2;
  const wav = Buffer.alloc(WAV_HEADER_BYTES + dataBytes);
  wav.write("RIFF", 0, "latin1");
  wav.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  wav.write("WAVEfmt ", 8, "latin1");
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22); // channels
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * 2, 28);
  wav.writeUInt16LE(2, 32); // bytes a frame
  wav.writeUInt16LE(16, 34); // bits a sample
  wav.write("data", 36, "latin1");
  wav.writeUInt32LE(dataBytes, 40);
  for (const [index, sample] of samples.entries())
    wav.writeInt16LE(sample, WAV_HEADER_BYTES + index * 2);
  return wav;
}
