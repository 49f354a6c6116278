/** Tests only: MP3 frames of 24 ms (MPEG-2, 24 kHz, mono), whose side information says this many bits. */
export function makeMp3(frames: number, soundBits: number): Uint8Array<ArrayBuffer> {
  const frameBytes = 96;
  const bytes = new Uint8Array(frames * frameBytes);
  for (let at = 0; at < bytes.length; at += frameBytes) {
    bytes.set([0xff, 0xf3, 0x44, 0xc0], at);
    // Twelve bits behind nine others.
    bytes[at + 5] = (soundBits >> 5) & 0x7f;
    bytes[at + 6] = (soundBits & 0x1f) << 3;
  }
  return bytes;
}
