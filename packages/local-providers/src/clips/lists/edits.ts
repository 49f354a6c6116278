import { type Clip, MOVES, NOTHING, type Stretch } from "../clip.ts";
import { type WantedEdit, withEdits } from "../mp4-surgery.ts";
import { x264 } from "./codecs.ts";

/** So many seconds of the player's, from this second of the track's on; -1 for a gap. */
const part = (duration: number, mediaTime: number, rate?: number): WantedEdit => ({
  duration,
  mediaTime,
  ...(rate !== undefined && { rate }),
});

/** Something moves from the first second to the second one, from the third to the fourth. */
const moving = (...[start = 0, end = 0, ...more]: number[]): Stretch[] => [
  [start, end],
  ...(more.length > 0 ? moving(...more) : []),
];

/** A clip with another edit list. */
function edited(file: string, shows: readonly Stretch[], ...edits: WantedEdit[]): Clip {
  return {
    file,
    playerSeconds: edits.reduce((sum, { duration }) => sum + duration, 0),
    from: { clip: "h264-plain.mp4" },
    change: (bytes) => withEdits(bytes, edits),
    shows,
  };
}

/** Edit lists: what the player shows is not what the track holds. */
export const edits: Clip[] = [
  { file: "h264-plain.mp4", from: "moves", args: `${x264} -bf 0`, shows: MOVES },
  edited("trimmed-start.mp4", moving(1, 3, 5, 6.5), part(8, 2)),
  edited("trimmed-end.mp4", moving(3, 5), part(6.5, 0)),
  edited("trimmed-both.mp4", moving(1.5, 3.5), part(5, 1.5)),
  edited("middle-cut-out.mp4", moving(4, 5.5), part(3, 0), part(4, 6)),
  edited("shown-twice.mp4", moving(1.5, 3.5, 6.5, 8.5), part(5, 1.5), part(5, 1.5)),
  edited("reordered.mp4", moving(1, 2.5, 7, 9), part(4, 6), part(6, 0)),
  edited("late-start.mp4", moving(5, 7, 9, 10.5), part(2, -1), part(10, 0)),
  edited("gap-inside.mp4", moving(3, 5, 9, 10.5), part(6, 0), part(2, -1), part(4, 6)),
  edited("slow-motion.mp4", moving(3, 7, 9, 10.5), part(3, 0), part(4, 3, 0.5), part(5, 5)),
  edited("slow-throughout.mp4", moving(12, 20, 28, 34), part(40, 0, 0.25)),
  edited("quick.mp4", moving(2.4, 4, 5.6, 6.8), part(8, 0, 1.25)),
  edited("held-frame.mp4", moving(5, 7, 9, 10.5), part(2, 0, 0), part(10, 0)),
  edited("backwards.mp4", NOTHING, part(10, 0, -1)),
  edited("longer-than-media.mp4", MOVES, part(12, 0)),
  {
    file: "copied-cut.mp4",
    from: { clip: "h264.mp4" },
    inputArgs: "-ss 4.5",
    args: "-c copy",
    shows: moving(2.5, 4),
  },
  {
    file: "copied-cut.mkv",
    from: { clip: "h264-grouped.mp4" },
    inputArgs: "-ss 5.5",
    args: "-c copy",
    shows: moving(2, 3.5),
  },
  {
    file: "late-picture.mkv",
    from: { clip: "h264.mp4" },
    inputArgs: "-itsoffset 2",
    args: "-f lavfi -i sine=duration=12 -c:v copy -c:a aac",
    shows: moving(5, 7, 9, 10.5),
  },
];
