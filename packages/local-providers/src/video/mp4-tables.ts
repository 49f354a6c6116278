import type { ByteFile } from "./byte-file.ts";
import { type Box, BoxFields } from "./mp4-boxes.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** Boxes that list frames, in an `stbl` box. */
export const FRAME_TABLES = new Set([
  "stts",
  "ctts",
  "stsc",
  "stsz",
  "stz2",
  "stco",
  "co64",
  "stss",
]);
/** Where an entry of a table says "so many frames": four bytes can claim four billion. */
const COUNTS: Record<string, { entryBytes: number; countAt: number }> = {
  stts: { entryBytes: 8, countAt: 0 },
  ctts: { entryBytes: 8, countAt: 0 },
  /** Of each chunk. */
  stsc: { entryBytes: 12, countAt: 4 },
};

/**
 * Refuses an index that claims more frames than the file has bytes: the reader would list them all,
 * for minutes.
 */
export async function checkFrameCounts(file: ByteFile, tables: readonly Box[]): Promise<void> {
  for (const table of tables) {
    if ((await countFrames(file, table)) > file.size) {
      throw new UnreadableVideoError(
        "damaged",
        "The video is damaged: its index lists more frames than the file can hold.",
      );
    }
  }
}

async function countFrames(file: ByteFile, table: Box): Promise<number> {
  const count = COUNTS[table.type];
  if (count === undefined) return 0;
  const fields = await BoxFields.of(file, table, Number.POSITIVE_INFINITY);
  fields.skip(4);
  const entries = Math.min(fields.unsigned(4), Math.floor(fields.rest / count.entryBytes));
  let frames = 0;
  for (let entry = 0; entry < entries; entry++) {
    fields.skip(count.countAt);
    frames += fields.unsigned(4);
    fields.skip(count.entryBytes - count.countAt - 4);
  }
  return frames;
}
