import { type ByteSource, readUpTo } from "./byte-source.ts";
import { readBox } from "./cut-off.ts";

interface Box {
  type: string;
  start: number;
  end: number;
}

/** Boxes of one level that are looked at. */
const mostBoxes = 64;

/** What the table of contents of an MP4 or QuickTime file says of the whole. */
export interface MovieHeader {
  /** Its edits followed; null where it leaves that open. */
  seconds: number | null;
  isFragmented: boolean;
}

/** Of a file in fragments the usual header counts the first at most. */
export async function readMovieHeader(source: ByteSource): Promise<MovieHeader> {
  const unknown = { seconds: null, isFragmented: false };
  const movie = (await boxesIn(source, 0, source.size)).find(({ type }) => type === "moov");
  if (!movie) return unknown;
  const inMovie = await boxesIn(source, movie.start + 8, movie.end);
  const header = inMovie.find(({ type }) => type === "mvhd");
  if (!header) return unknown;
  const bytes = await readUpTo(source, header.start + 8, 32);
  if (bytes.length < 32) return unknown;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const timescale = view.getUint32(bytes[0] === 1 ? 20 : 12);
  const fragments = inMovie.find(({ type }) => type === "mvex");
  const ticks = fragments
    ? await fragmentedTicks(source, fragments)
    : ticksAt(view, bytes[0] === 1 ? 24 : 16, bytes[0] === 1);
  const seconds = ticks === null || timescale === 0 ? null : ticks / timescale;
  return { seconds, isFragmented: fragments !== undefined };
}

async function fragmentedTicks(source: ByteSource, fragments: Box): Promise<number | null> {
  const inside = await boxesIn(source, fragments.start + 8, fragments.end);
  const header = inside.find(({ type }) => type === "mehd");
  if (!header) return null;
  const bytes = await readUpTo(source, header.start + 8, 12);
  if (bytes.length < 12) return null;
  return ticksAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 4, bytes[0] === 1);
}

/** Zero and all bits set mean that nobody knew. */
function ticksAt(view: DataView, at: number, isWide: boolean): number | null {
  const ticks = isWide ? Number(view.getBigUint64(at)) : view.getUint32(at);
  const unknown = isWide ? 2 ** 63 : 2 ** 32 - 1;
  return ticks === 0 || ticks >= unknown ? null : ticks;
}

async function boxesIn(source: ByteSource, from: number, to: number): Promise<Box[]> {
  const boxes: Box[] = [];
  const until = Math.min(to, source.size);
  for (let at = from; at + 8 <= until && boxes.length < mostBoxes; ) {
    const box = readBox(await readUpTo(source, at, 16));
    if (!box) break;
    const end = box.size === 0 ? until : at + box.size;
    boxes.push({ type: box.type, start: at, end });
    // What comes behind the table of contents says nothing of it.
    if (box.type === "moov" || end <= at) break;
    at = end;
  }
  return boxes;
}
