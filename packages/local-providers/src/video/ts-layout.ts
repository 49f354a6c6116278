import type { ByteFile } from "./byte-file.ts";
import { type MediaLayout, plainLayout } from "./media-layout.ts";

const SYNC = 0x47;
/** Bytes of a packet: plain, with a time in front (camcorders, `.MTS`), with error correction. */
const PACKETS = [
  { bytes: 188, syncAt: 0 },
  { bytes: 192, syncAt: 4 },
  { bytes: 204, syncAt: 0 },
];
/** So many in a row are no chance. */
const ENOUGH = 4;

/** The layout of an MPEG transport stream, which ends with its last packet; null for others. */
export async function tsLayout(file: ByteFile): Promise<MediaLayout | null> {
  for (const { bytes, syncAt } of PACKETS) {
    const isPacket = async (index: number) =>
      (await file.read(index * bytes + syncAt, 1))[0] === SYNC;
    const whole = Math.floor(file.size / bytes);
    if (whole < ENOUGH) continue;
    const first = await Promise.all(Array.from({ length: ENOUGH }, (_, index) => isPacket(index)));
    if (first.includes(false)) continue;
    // Packets, then junk: the border lies between a packet and what is none.
    let [packet, junk] = [ENOUGH - 1, whole];
    if (await isPacket(whole - 1)) packet = whole - 1;
    while (junk - packet > 1) {
      const middle = Math.floor((packet + junk) / 2);
      if (await isPacket(middle)) packet = middle;
      else junk = middle;
    }
    return plainLayout((packet + 1) * bytes);
  }
  return null;
}
