import { type ByteSource, readUpTo } from "./byte-source.ts";

/** Boxes that are looked at; a file of more is one of many fragments, which play as far as they go. */
const mostBoxes = 64;
/** Of its media that a file may lack, and play nearly to its end. */
const bearableLoss = 0.05;

/**
 * Whether an MP4 or QuickTime file lacks its table of contents, or a good part of its media: both
 * come of an upload or a download that broke off. What follows the media does not matter.
 */
export async function isCutOff(source: ByteSource): Promise<boolean> {
  let hasContents = false;
  let at = 0;
  for (let boxes = 0; at + 8 <= source.size; boxes++) {
    if (boxes === mostBoxes) return false;
    const box = readBox(await readUpTo(source, at, 16));
    if (!box) return !hasContents;
    const end = box.size === 0 ? source.size : at + box.size;
    if (box.type === "moov") hasContents = end <= source.size;
    const missing = end - source.size;
    if (box.type === "mdat" && missing > bearableLoss * box.size) return true;
    if (end <= at) return !hasContents;
    at = end;
  }
  return !hasContents;
}

/** The box that begins with these bytes; null where none does. Size 0 is up to the file's end. */
export function readBox(head: Uint8Array): { type: string; size: number } | null {
  if (head.length < 8) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const type = String.fromCharCode(...head.subarray(4, 8));
  // Anything else is no box: text, or zeros, behind the media.
  if (!/^[\w ©-]{4}$/.test(type)) return null;
  const size = view.getUint32(0);
  if (size !== 1) return size === 0 || size >= 8 ? { type, size } : null;
  return head.length < 16 ? null : { type, size: Number(view.getBigUint64(8)) };
}
