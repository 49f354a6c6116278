import type { FileHandle } from "node:fs/promises";
import { UnreadableVideoError } from "./unreadable-video.ts";

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
/** "Until the parent ends": what a live recorder writes, which cannot know the size beforehand. */
const UNKNOWN = -1;

/**
 * Checks that the elements of a WebM or Matroska file end where they say: the segment itself, or
 * its clusters when a live recorder left the segment's size open.
 *
 * Does nothing for other containers. Throws UnreadableVideoError when the file is truncated.
 */
export async function checkWebmLayout(file: FileHandle, size: number): Promise<void> {
  const head = await readElement(file, 0);
  if (head?.id !== EBML) return;
  let at = head.contentAt + head.length;
  let end = size;
  while (at < end) {
    const element = await readElement(file, at);
    if (element === null) break;
    if (element.length === UNKNOWN) {
      // Its children follow at once; an open cluster's own children end the walk harmlessly.
      at = element.contentAt;
      continue;
    }
    const elementEnd = element.contentAt + element.length;
    if (elementEnd > size) {
      throw new UnreadableVideoError(
        "truncated",
        `The video is truncated: its media should reach byte ${elementEnd}, but the file ends after ${size} bytes.`,
      );
    }
    if (element.id === SEGMENT) end = elementEnd;
    at = elementEnd;
  }
}

interface Element {
  id: number;
  contentAt: number;
  length: number;
}

async function readElement(file: FileHandle, at: number): Promise<Element | null> {
  const bytes = new Uint8Array(12);
  const { bytesRead } = await file.read(bytes, 0, 12, at);
  const first = bytes[0] ?? 0;
  const idLength = first === 0 ? 9 : Math.clz32(first) - 23;
  if (idLength > 4) return null;
  const sizeFirst = bytes[idLength] ?? 0;
  const sizeLength = sizeFirst === 0 ? 9 : Math.clz32(sizeFirst) - 23;
  if (sizeLength > 8 || bytesRead < idLength + sizeLength) return null;

  let id = 0;
  for (const byte of bytes.subarray(0, idLength)) id = id * 256 + byte;
  let length = sizeFirst & (0xff >> sizeLength);
  let isUnknown = length === 0xff >> sizeLength;
  for (const byte of bytes.subarray(idLength + 1, idLength + sizeLength)) {
    length = length * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return { id, contentAt: at + idLength + sizeLength, length: isUnknown ? UNKNOWN : length };
}
