import { crc32 } from "node:zlib";

/**
 * Whether a picture's file has its end: of one that was cut off, decoders draw the upper part and
 * say nothing. A GIF may end anywhere after its first picture, which is the one that is drawn.
 */
export function isWhole(file: Buffer, type: string): boolean {
  if (type === "png") return pngEnds(file);
  if (type === "jpg") return jpegEnds(file);
  if (type === "webp") return file.readUInt32LE(4) + 8 <= file.length;
  return true;
}

/** Chunks: length, name, content, sum of both. */
function pngEnds(file: Buffer): boolean {
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 8 + file.readUInt32BE(at);
    const name = file.toString("latin1", at + 4, at + 8);
    if (end + 4 > file.length) return false;
    // Without an ancillary one (a small first letter) the picture is the same.
    if (/^[A-Z]/.test(name) && crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) {
      return false;
    }
    if (name === "IEND") return true;
    at = end + 4;
  }
  return false;
}

/** Segments up to the picture itself, in which an end mark (FF D9) is the end. */
function jpegEnds(file: Buffer): boolean {
  for (let at = 2; at + 4 <= file.length; ) {
    if (file[at] !== 0xff) return false;
    const mark = file[at + 1] ?? 0;
    if (mark === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (mark === 0xda) return file.includes(Buffer.from([0xff, 0xd9]), end);
    at = end;
  }
  return false;
}
