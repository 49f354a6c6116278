import type { ByteFile } from "./byte-file.ts";
import type { MediaLayout, Patch } from "./media-layout.ts";
import { type Box, BoxFields, readBox } from "./mp4-boxes.ts";
import { readMp4Movie } from "./mp4-movie.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** Boxes that carry the media or its index: one of them cut short means frames are missing. */
const ESSENTIAL = new Set(["moov", "mdat", "moof"]);
/** Boxes an MP4 or MOV file may begin with. */
const FIRST = new Set(["ftyp", "moov", "mdat", "free", "skip", "wide", "styp", "pnot", "uuid"]);
/** A segment index with as many fragments as it can count. */
const MOST_LISTED_BYTES = 32 + 12 * 65_535;
/** A box that readers pass over, of the same length as the name it replaces. */
const PASSED_OVER = new TextEncoder().encode("skip");

/**
 * The layout of an MP4, MOV or 3GP file, or null for another container. What follows the last box
 * that a player needs is junk, whatever it is. The reader is not shown the edit lists, so that it
 * gives every frame's own time: it knows the first edit only, we follow all. Nor, the second time,
 * the tables of frames in a fragmented file's index: while it sees those, it reads no fragments.
 *
 * Throws UnreadableVideoError when there is no index.
 */
export async function mp4Layout(file: ByteFile): Promise<MediaLayout | null> {
  const { size } = file;
  let index: Box | null = null;
  let end = 0;
  let isCut = false;
  let listedSeconds = 0;
  while (end < size) {
    const box = await readBox(file, end, size);
    if (end === 0 && (box === null || !FIRST.has(box.type))) return null;
    if (box === null) break;
    if (box.end > size) {
      isCut = ESSENTIAL.has(box.type);
      // The frames of a cut box of media are there up to the cut.
      if (box.type === "mdat") end = size;
      break;
    }
    if (box.type === "moov") index ??= box;
    if (box.type === "sidx") listedSeconds = Math.max(listedSeconds, await listedEnd(file, box));
    end = box.end;
  }
  if (index === null) throw withoutIndex(size, end, isCut);

  const movie = await readMp4Movie(file, index);
  return {
    end,
    isCut,
    patches: movie.editBoxes.map(hide),
    secondPatches: movie.frameTables.length === 0 ? null : movie.frameTables.map(hide),
    durationSeconds: movie.durationSeconds ?? (isCut && listedSeconds > 0 ? listedSeconds : null),
    edits: movie.edits,
    startsAtZero: !movie.isFragmented,
  };
}

function hide({ start }: Box): Patch {
  return { at: start + 4, bytes: PASSED_OVER };
}

/** When the fragments end that a segment index (`sidx`) lists, be they there or not. Seconds. */
async function listedEnd(file: ByteFile, box: Box): Promise<number> {
  const fields = await BoxFields.of(file, box, MOST_LISTED_BYTES);
  const size = fields.unsigned(1) === 1 ? 8 : 4;
  fields.skip(7);
  const timescale = fields.unsigned(4);
  let ticks = fields.unsigned(size);
  fields.skip(size + 2);
  for (let left = fields.unsigned(2); left > 0; left--) {
    fields.skip(4);
    ticks += fields.unsigned(4);
    fields.skip(4);
  }
  return timescale > 0 ? ticks / timescale : 0;
}

function withoutIndex(size: number, end: number, isCut: boolean): UnreadableVideoError {
  return isCut || end >= size
    ? new UnreadableVideoError(
        "truncated",
        `The video is truncated: the file ends after ${size} bytes without the index (moov) that players need.`,
      )
    : new UnreadableVideoError(
        "damaged",
        `The video is damaged: what follows byte ${end} is not a box of an MP4 or MOV file, and no index (moov) comes before it.`,
      );
}
