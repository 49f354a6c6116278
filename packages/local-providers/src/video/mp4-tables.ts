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
/** Tables of "so many frames have this": eight bytes can claim four billion. */
const RUN_LENGTHS = new Set(["stts", "ctts"]);
const RUN_BYTES = 8;

/**
 * Refuses an index that claims more frames than the file has bytes: the reader would list them all,
 * for minutes.
 */
export async function checkFrameCounts(file: ByteFile, tables: readonly Box[]): Promise<void> {
  for (const table of tables) {
    if (RUN_LENGTHS.has(table.type) && (await countFrames(file, table)) > file.size) {
      throw new UnreadableVideoError(
        "damaged",
        "The video is damaged: its index lists more frames than the file can hold.",
      );
    }
  }
}

async function countFrames(file: ByteFile, table: Box): Promise<number> {
  const fields = await BoxFields.of(file, table, Number.POSITIVE_INFINITY);
  fields.skip(4);
  const runs = Math.min(fields.unsigned(4), Math.floor(fields.rest / RUN_BYTES));
  let frames = 0;
  for (let run = 0; run < runs; run++) {
    frames += fields.unsigned(4);
    fields.skip(4);
  }
  return frames;
}
