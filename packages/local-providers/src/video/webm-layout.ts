import type { ByteFile } from "./byte-file.ts";
import type { MediaLayout, Patch } from "./media-layout.ts";

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const INFO = 0x1549a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const USUAL_SCALE_NS = 1_000_000;
/** What may stand in a segment: SeekHead, Info, Tracks, Cluster, Cues, Attachments, Chapters, Tags, Void, CRC-32. */
const IN_SEGMENT = new Set([
  0x114d9b74,
  INFO,
  0x1654ae6b,
  CLUSTER,
  0x1c53bb6b,
  0x1941a469,
  0x1043a770,
  0x1254c367,
  0xec,
  0xbf,
]);
/** In a cluster: Timestamp, SimpleBlock, BlockGroup, Position, PrevSize, silent tracks, EncryptedBlock, Void, CRC-32. */
const IN_CLUSTER = new Set([0xe7, 0xa3, 0xa0, 0xa7, 0xab, 0x5854, 0xaf, 0xec, 0xbf]);

/**
 * Empty Tags and some Void, shown behind the last element: the reader's search for the next element,
 * after one that it does not know, never ends at the end of a file (mediabunny 1.61).
 */
const TAIL = Uint8Array.of(0x12, 0x54, 0xc3, 0x67, 0x80, 0xec, 0x88, 0, 0, 0, 0, 0, 0, 0, 0);

interface Element {
  id: number;
  start: number;
  sizeAt: number;
  contentStart: number;
  /** Null: "until the parent ends", what a live recorder writes, which cannot know it beforehand. */
  end: number | null;
}

/**
 * The layout of a WebM or Matroska file, or null for another container. It ends with the last whole
 * element: with the last whole block where a recorder or an upload broke off, and before any junk,
 * which the reader of frames would search to no end for the next element.
 */
export async function webmLayout(file: ByteFile): Promise<MediaLayout | null> {
  const head = await readElement(file, 0);
  if (head === null || head.id !== EBML || head.end === null || head.end > file.size) return null;
  const walk: Walk = { file, end: head.end, isCut: false, cut: [], durationSeconds: null };
  const segment = await readElement(file, head.end);
  if (segment?.id === SEGMENT) await walkSegment(walk, segment);
  const { end } = walk;
  // What ends before the file does is shown as long as it is; the segment with the tail behind it.
  const sizes = walk.cut.map((element) => withEnd(element, end));
  if (segment !== null && segment.end !== null) sizes.push(withEnd(segment, end + TAIL.length));
  return {
    end: end + TAIL.length,
    isCut: walk.isCut || walk.cut.length > 0 || (segment?.end ?? 0) > file.size,
    patches: [...sizes, { at: end, bytes: TAIL }],
    secondPatches: null,
    durationSeconds: walk.durationSeconds,
    edits: new Map(),
    startsAtZero: false,
  };
}

interface Walk {
  file: ByteFile;
  /** Behind the last whole element. */
  end: number;
  isCut: boolean;
  /** The elements that say that they are longer. */
  cut: Element[];
  durationSeconds: number | null;
}

async function walkSegment(walk: Walk, segment: Element): Promise<void> {
  const limit = Math.min(segment.end ?? walk.file.size, walk.file.size);
  walk.end = segment.contentStart;
  while (walk.end < limit) {
    const element = await readElement(walk.file, walk.end);
    if (element === null || !IN_SEGMENT.has(element.id)) return;
    if (element.end !== null && element.end <= limit) {
      if (element.id === INFO) walk.durationSeconds ??= await readDuration(walk.file, element);
      walk.end = element.end;
      continue;
    }
    if (element.id !== CLUSTER) {
      walk.isCut = true;
      return;
    }
    if (element.end !== null) walk.cut.push(element);
    await walkCluster(walk, element, limit);
  }
}

/** Ends at the first element that belongs to no cluster, or is not whole. */
async function walkCluster(walk: Walk, cluster: Element, limit: number): Promise<void> {
  walk.end = cluster.contentStart;
  while (walk.end < limit) {
    const element = await readElement(walk.file, walk.end);
    if (element === null || !IN_CLUSTER.has(element.id)) return;
    if (element.end === null || element.end > limit) {
      walk.isCut = true;
      return;
    }
    walk.end = element.end;
  }
}

/** Seconds; null where the recorder did not know them. */
async function readDuration(file: ByteFile, info: Element): Promise<number | null> {
  let scale = USUAL_SCALE_NS;
  let ticks = 0;
  for (let at = info.contentStart; at < (info.end ?? at); ) {
    const element = await readElement(file, at);
    if (element === null || element.end === null) break;
    const bytes = await file.readFresh(
      element.contentStart,
      Math.min(8, element.end - element.contentStart),
    );
    const value = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (element.id === TIMESTAMP_SCALE) scale = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    if (element.id === DURATION && bytes.length === 4) ticks = value.getFloat32(0);
    if (element.id === DURATION && bytes.length === 8) ticks = value.getFloat64(0);
    at = element.end;
  }
  const seconds = (ticks * scale) / 1e9;
  return seconds > 0 && Number.isFinite(seconds) ? seconds : null;
}

/** An element's size as it is: the reader asks for all of an element or for none of it. */
function withEnd({ sizeAt, contentStart }: Element, end: number): Patch {
  const bytes = new Uint8Array(contentStart - sizeAt);
  let left = end - contentStart;
  for (let index = bytes.length - 1; index >= 0; index--) {
    bytes[index] = left % 256;
    left = Math.floor(left / 256);
  }
  bytes[0] = (bytes[0] ?? 0) | (0x80 >> (bytes.length - 1));
  return { at: sizeAt, bytes };
}

async function readElement(file: ByteFile, at: number): Promise<Element | null> {
  const bytes = await file.read(at, 12);
  const idLength = lengthOf(bytes[0]);
  const sizeFirst = bytes[idLength] ?? 0;
  const sizeLength = lengthOf(sizeFirst);
  if (idLength > 4 || sizeLength > 8 || bytes.length < idLength + sizeLength) return null;

  let id = 0;
  for (const byte of bytes.subarray(0, idLength)) id = id * 256 + byte;
  let length = sizeFirst & (0xff >> sizeLength);
  let isUnknown = length === 0xff >> sizeLength;
  for (const byte of bytes.subarray(idLength + 1, idLength + sizeLength)) {
    length = length * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  const sizeAt = at + idLength;
  const contentStart = sizeAt + sizeLength;
  return { id, start: at, sizeAt, contentStart, end: isUnknown ? null : contentStart + length };
}

/** How many bytes a number has that begins with this one; 9 where none does. */
function lengthOf(first = 0): number {
  return first === 0 ? 9 : Math.clz32(first) - 23;
}
