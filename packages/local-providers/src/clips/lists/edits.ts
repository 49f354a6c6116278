import { type Clip, MOVES, NOTHING, type Stretch } from "../clip.ts";
import { type WantedEdit, withEdits } from "../mp4-surgery.ts";
import { x264 } from "./codecs.ts";

/** A clip with another edit list. */
function edited(file: string, shows: readonly Stretch[], edits: readonly WantedEdit[]): Clip {
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
  { file: "h264-plain.mp4", from: "moves", args: [...x264, "-bf", "0"], shows: MOVES },
  edited(
    "trimmed-start.mp4",
    [
      [1, 3],
      [5, 6.5],
    ],
    [{ duration: 8, mediaTime: 2 }],
  ),
  edited("trimmed-end.mp4", [[3, 5]], [{ duration: 6.5, mediaTime: 0 }]),
  edited("trimmed-both.mp4", [[1.5, 3.5]], [{ duration: 5, mediaTime: 1.5 }]),
  edited(
    "middle-cut-out.mp4",
    [[4, 5.5]],
    [
      { duration: 3, mediaTime: 0 },
      { duration: 4, mediaTime: 6 },
    ],
  ),
  edited(
    "shown-twice.mp4",
    [
      [1.5, 3.5],
      [6.5, 8.5],
    ],
    [
      { duration: 5, mediaTime: 1.5 },
      { duration: 5, mediaTime: 1.5 },
    ],
  ),
  edited(
    "reordered.mp4",
    [
      [1, 2.5],
      [7, 9],
    ],
    [
      { duration: 4, mediaTime: 6 },
      { duration: 6, mediaTime: 0 },
    ],
  ),
  edited(
    "late-start.mp4",
    [
      [5, 7],
      [9, 10.5],
    ],
    [
      { duration: 2, mediaTime: -1 },
      { duration: 10, mediaTime: 0 },
    ],
  ),
  edited(
    "gap-inside.mp4",
    [
      [3, 5],
      [9, 10.5],
    ],
    [
      { duration: 6, mediaTime: 0 },
      { duration: 2, mediaTime: -1 },
      { duration: 4, mediaTime: 6 },
    ],
  ),
  edited(
    "slow-motion.mp4",
    [
      [3, 7],
      [9, 10.5],
    ],
    [
      { duration: 3, mediaTime: 0 },
      { duration: 4, mediaTime: 3, rate: 0.5 },
      { duration: 5, mediaTime: 5 },
    ],
  ),
  edited(
    "slow-throughout.mp4",
    [
      [12, 20],
      [28, 34],
    ],
    [{ duration: 40, mediaTime: 0, rate: 0.25 }],
  ),
  edited(
    "quick.mp4",
    [
      [2.4, 4],
      [5.6, 6.8],
    ],
    [{ duration: 8, mediaTime: 0, rate: 1.25 }],
  ),
  edited(
    "held-frame.mp4",
    [
      [5, 7],
      [9, 10.5],
    ],
    [
      { duration: 2, mediaTime: 0, rate: 0 },
      { duration: 10, mediaTime: 0 },
    ],
  ),
  edited("backwards.mp4", NOTHING, [{ duration: 10, mediaTime: 0, rate: -1 }]),
  edited("longer-than-media.mp4", MOVES, [{ duration: 12, mediaTime: 0 }]),
  {
    file: "copied-cut.mp4",
    from: { clip: "h264.mp4" },
    inputArgs: ["-ss", "4.5"],
    args: ["-c", "copy"],
    shows: [[2.5, 4]],
  },
  {
    file: "copied-cut.mkv",
    from: { clip: "h264-grouped.mp4" },
    inputArgs: ["-ss", "5.5"],
    args: ["-c", "copy"],
    shows: [[2, 3.5]],
  },
  {
    file: "late-picture.mkv",
    from: { clip: "h264.mp4" },
    inputArgs: ["-itsoffset", "2"],
    args: ["-f", "lavfi", "-i", "sine=duration=12", "-c:v", "copy", "-c:a", "aac"],
    shows: [
      [5, 7],
      [9, 10.5],
    ],
  },
];
