import type { ByteFile } from "./byte-file.ts";
import type { Edit, EditList } from "./edit-list.ts";
import { type Box, BoxFields, childBoxes } from "./mp4-boxes.ts";
import { checkFrameCounts, FRAME_TABLES } from "./mp4-tables.ts";

/** What an MP4's index says of time, apart from its frames. */
export interface Mp4Movie {
  /** Seconds; null where the index leaves it open. */
  durationSeconds: number | null;
  isFragmented: boolean;
  /** The tables of frames that an index of a fragmented file holds: those of the first fragment. */
  frameTables: Box[];
  /** By track number; tracks without an edit list are not in it. */
  edits: Map<number, EditList>;
  /** Where the boxes of the edit lists begin. */
  editBoxes: Box[];
}

/** More edits than any camera or editor makes; each costs a comparison for each frame. */
const MOST_EDITS = 1000;
const EDIT_BYTES = { 0: 12, 1: 20 };

export async function readMp4Movie(file: ByteFile, moov: Box): Promise<Mp4Movie> {
  const boxes = await childBoxes(file, moov);
  const { timescale, duration } = await readHeader(file, boxes.find(isOf("mvhd")));
  const fragments = boxes.find(isOf("mvex"));
  const tracks: Track[] = [];
  for (const box of boxes.filter(isOf("trak"))) {
    tracks.push(await readTrack(file, box, timescale, fragments !== undefined));
  }
  return {
    // A fragmented file's header counts the frames beside it, which are few or none.
    durationSeconds:
      fragments === undefined
        ? (editedDuration(tracks) ?? duration)
        : await fragmentedDuration(file, fragments, timescale),
    isFragmented: fragments !== undefined,
    frameTables: fragments === undefined ? [] : tracks.flatMap(({ frameTables }) => frameTables),
    edits: new Map(tracks.flatMap(({ id, edits }) => (edits === null ? [] : [[id, edits]]))),
    editBoxes: tracks.flatMap(({ editBox }) => editBox ?? []),
  };
}

function isOf(type: string): (box: Box) => boolean {
  return (box) => box.type === type;
}

interface Track {
  id: number;
  /** Seconds by its own header. */
  duration: number | null;
  /** Null without an edit list. */
  edits: EditList | null;
  editBox: Box | null;
  frameTables: Box[];
}

/**
 * The length that edits give a movie: players follow them, also where the movie's header still
 * says what it was before, and count chapters and subtitles in. Null where no track has edits, or
 * not all can be followed.
 */
function editedDuration(tracks: readonly Track[]): number | null {
  if (tracks.every(({ edits }) => edits === null)) return null;
  let longest = 0;
  for (const { edits, duration } of tracks) {
    const last = edits === "unfollowable" ? undefined : edits?.at(-1);
    const end = edits === null ? duration : last === undefined ? null : last.start + last.length;
    if (end === null || !Number.isFinite(end)) return null;
    longest = Math.max(longest, end);
  }
  return longest > 0 ? longest : null;
}

interface TimeHeader {
  timescale: number;
  /** Seconds. */
  duration: number | null;
}

/** `mvhd` or `mdhd`: they begin alike. */
async function readHeader(file: ByteFile, box: Box | undefined): Promise<TimeHeader> {
  if (box === undefined) return { timescale: 0, duration: null };
  const fields = await BoxFields.of(file, box, 36);
  const size = fields.unsigned(1) === 1 ? 8 : 4;
  fields.skip(3 + 2 * size);
  const timescale = fields.unsigned(4);
  return { timescale, duration: secondsOf(fields.unsigned(size), timescale, size) };
}

/** All bits set, or zero: nobody knew. */
function secondsOf(ticks: number, timescale: number, bytes: 4 | 8): number | null {
  const isUnknown = ticks === 0 || (bytes === 4 ? ticks === 0xffffffff : ticks >= 2 ** 63);
  return isUnknown || timescale === 0 ? null : ticks / timescale;
}

async function fragmentedDuration(file: ByteFile, mvex: Box, timescale: number) {
  const mehd = (await childBoxes(file, mvex)).find(({ type }) => type === "mehd");
  if (mehd === undefined) return null;
  const fields = await BoxFields.of(file, mehd, 12);
  const size = fields.unsigned(1) === 1 ? 8 : 4;
  fields.skip(3);
  return secondsOf(fields.unsigned(size), timescale, size);
}

async function readTrack(
  file: ByteFile,
  track: Box,
  movieTimescale: number,
  isFragmented: boolean,
): Promise<Track> {
  const boxes = await childBoxes(file, track);
  const { id, duration } = await readTrackHeader(file, boxes.find(isOf("tkhd")), movieTimescale);
  const media = boxes.find(isOf("mdia"));
  const inMedia = media === undefined ? [] : await childBoxes(file, media);
  const info = inMedia.find(isOf("minf"));
  const table = info && (await childBoxes(file, info)).find(isOf("stbl"));
  const tables = table === undefined ? [] : await childBoxes(file, table);
  const frameTables = tables.filter(({ type }) => FRAME_TABLES.has(type));
  await checkFrameCounts(file, frameTables);
  const found: Track = {
    id,
    duration,
    edits: null,
    editBox: null,
    frameTables,
  };
  const container = boxes.find(isOf("edts"));
  const list = container && (await childBoxes(file, container)).find(isOf("elst"));
  if (container === undefined || list === undefined) return found;
  const { timescale } = await readHeader(file, inMedia.find(isOf("mdhd")));
  const bytes = await BoxFields.of(file, list, 8 + EDIT_BYTES[1] * MOST_EDITS);
  const edits = parseEdits(bytes, { movieTimescale, timescale, isFragmented });
  // A list without entries says the same as none.
  return edits.length === 0 ? found : { ...found, edits, editBox: container };
}

async function readTrackHeader(file: ByteFile, tkhd: Box | undefined, timescale: number) {
  if (tkhd === undefined) return { id: 0, duration: null };
  const fields = await BoxFields.of(file, tkhd, 36);
  const size = fields.unsigned(1) === 1 ? 8 : 4;
  fields.skip(3 + 2 * size);
  const id = fields.unsigned(4);
  fields.skip(4);
  return { id, duration: secondsOf(fields.unsigned(size), timescale, size) };
}

/** The entries of an `elst` box (ISO/IEC 14496-12 §8.6.6). */
function parseEdits(
  fields: BoxFields,
  times: { movieTimescale: number; timescale: number; isFragmented: boolean },
): EditList {
  const version = fields.unsigned(1);
  const size = version === 1 ? 8 : 4;
  fields.skip(3);
  const count = fields.unsigned(4);
  if (version > 1 || count > MOST_EDITS || fields.rest < count * EDIT_BYTES[version === 1 ? 1 : 0])
    return "unfollowable";
  const edits: Edit[] = [];
  let start = 0;
  for (let index = 0; index < count; index++) {
    const ticks = fields.unsigned(size);
    const mediaTime = fields.signed(size);
    const rate = fields.signed(2) + fields.unsigned(2) / 65_536;
    const isLast = index === count - 1;
    // A length of zero lasts to the end of the media: what fragmented files write.
    const isOpen = ticks === 0 && isLast && mediaTime >= 0;
    if (mediaTime < -1 || rate < 0 || (rate === 0 && isOpen)) return "unfollowable";
    const length = isOpen ? Number.POSITIVE_INFINITY : ticks / times.movieTimescale;
    const mediaStart = mediaTime === -1 ? null : mediaTime / times.timescale;
    // A timescale of zero makes times of nothing.
    const isTime = (isOpen || Number.isFinite(length)) && Number.isFinite(mediaStart ?? 0);
    if (!isTime) return "unfollowable";
    // A fragmented file's only edit may count the first fragments alone; the media goes on.
    const lasts = times.isFragmented && isLast ? Number.POSITIVE_INFINITY : length;
    edits.push({ start, length: lasts, mediaStart, rate });
    start += length;
  }
  return edits;
}
