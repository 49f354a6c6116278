import type { FileHandle } from "node:fs/promises";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** Boxes that carry the media or its index: one of them cut short means frames are missing. */
const ESSENTIAL = new Set(["moov", "mdat", "moof"]);
/** Boxes an MP4 or MOV file may begin with. */
const FIRST = new Set(["ftyp", "moov", "mdat", "free", "skip", "wide", "styp", "pnot", "uuid"]);

/**
 * Checks that the top-level boxes of an MP4, MOV or 3GP file end where they say. The index of a
 * file that was cut short may still list every frame, so listing frames alone proves nothing.
 *
 * Does nothing for other containers. Throws UnreadableVideoError when the file is truncated.
 */
export async function checkMp4Layout(file: FileHandle, size: number): Promise<void> {
  if (size < 8) return;
  const header = new Uint8Array(16);
  let hasIndex = false;
  for (let at = 0; at + 8 <= size; ) {
    const { bytesRead } = await file.read(header, 0, 16, at);
    if (bytesRead < 8) break;
    const view = new DataView(header.buffer);
    const type = String.fromCharCode(...header.subarray(4, 8));
    if (at === 0 && !FIRST.has(type)) return;
    const length = boxLength(view, bytesRead, size - at);
    if (length < 8) throw new UnreadableVideoError("damaged", damaged(at));
    if (ESSENTIAL.has(type) && at + length > size)
      throw cutShort(type, at + length, size, hasIndex);
    if (type === "moov") hasIndex = true;
    at += length;
  }
  if (!hasIndex) throw cutShort("ftyp", size, size, false);
}

/** A box's length: 32 bits; 1 means that 64 bits follow the type; 0 means up to the file's end. */
function boxLength(view: DataView, available: number, rest: number): number {
  const short = view.getUint32(0);
  if (short === 0) return rest;
  if (short !== 1) return short;
  return available < 16 ? 16 : Number(view.getBigUint64(8));
}

function cutShort(type: string, wanted: number, size: number, hasIndex: boolean) {
  if (!hasIndex) {
    return new UnreadableVideoError(
      "truncated",
      `The video is truncated: the file ends after ${size} bytes without the index (moov) that players need.`,
    );
  }
  const what = type === "mdat" ? "its media should reach" : `its ${type} box should reach`;
  return new UnreadableVideoError(
    "truncated",
    `The video is truncated: ${what} byte ${wanted}, but the file ends after ${size} bytes.`,
  );
}

function damaged(at: number): string {
  return `The video is damaged: what follows byte ${at} is not a box of an MP4 or MOV file.`;
}
