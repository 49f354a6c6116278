import type { Input, InputTrack, InputVideoTrack } from "mediabunny";
import type { Edit } from "./edit-list.ts";
import type { FrameCollector, FrameTable } from "./frame-table.ts";
import type { MediaLayout } from "./media-layout.ts";
import { reading } from "./unreadable-video.ts";

export interface PlacedFrames {
  table: FrameTable;
  /** Where a player shows the track's own times. */
  edits: readonly Edit[];
  /** What a player shows as the length: the container's word, or else where the last track ends. */
  durationSeconds: number;
  /** Seconds that the container promises behind the end of all tracks; 0 for a whole file. */
  missingSeconds: number;
  areEditsFollowed: boolean;
}

/** Puts the frames of a track where a player shows them. */
export async function placeFrames(
  input: Input,
  track: InputVideoTrack,
  frames: FrameCollector,
  layout: MediaLayout,
): Promise<PlacedFrames> {
  const origin = await originOf(input, frames, layout);
  const written = layout.edits.get(track.id);
  const areEditsFollowed = written !== "unfollowable";
  const edits = areEditsFollowed && written !== undefined ? written : from(origin);
  const table = frames.table(edits);
  const placed = { table, edits, areEditsFollowed };
  const promised = layout.durationSeconds;
  if (promised !== null && !layout.isCut)
    return { ...placed, durationSeconds: promised, missingSeconds: 0 };

  let end = table.end;
  for (const other of await reading(() => input.getTracks())) {
    if (other !== track) end = Math.max(end, await endOf(other, origin, layout));
  }
  const durationSeconds = promised ?? end;
  return { ...placed, durationSeconds, missingSeconds: durationSeconds - end };
}

/**
 * Where the player's time begins in the file's. A recording of a running stream begins wherever
 * the stream was; players count from its first frame then.
 */
async function originOf(input: Input, frames: FrameCollector, layout: MediaLayout) {
  if (layout.startsAtZero) return 0;
  let first = frames.firstTime;
  for (const track of await reading(() => input.getTracks()))
    first = Math.min(first, await reading(() => track.getFirstTimestamp()));
  // A container that knows its length counts from zero, unless it plainly does not.
  return layout.durationSeconds !== null && first < layout.durationSeconds
    ? Math.min(0, first)
    : first;
}

/** The whole track, from a time of its own. */
function from(mediaStart: number): Edit[] {
  return [{ start: 0, length: Number.POSITIVE_INFINITY, mediaStart, rate: 1 }];
}

async function endOf(track: InputTrack, origin: number, layout: MediaLayout): Promise<number> {
  const end = await reading(() => track.computeDuration());
  const edits = layout.edits.get(track.id);
  const first =
    edits === "unfollowable" ? undefined : edits?.find((edit) => edit.mediaStart !== null);
  return first === undefined ? end - origin : end - (first.mediaStart ?? 0) + first.start;
}
