/** A stretch of time, in seconds. */
export type Stretch = readonly [start: number, end: number];

/** How a clip is made, and what is true of it. */
export interface Clip {
  file: string;
  /** The scene that is encoded, or the clip that is changed. */
  from: "moves" | "rests" | "frozen" | "nothing" | { clip: string };
  /**
   * What ffmpeg is told between its input and the file's name, as on a command line; none: the bytes
   * are taken as they are.
   */
  args?: string;
  /** What ffmpeg is told before its input. */
  inputArgs?: string;
  /** What happens to the bytes then. */
  change?: (bytes: Buffer) => Buffer;
  /** When something moves in it; a reason where the file is to be refused. */
  shows: readonly Stretch[] | { refused: string };
  /**
   * How long a player shows it, where ffprobe's word is another: it counts from the first frame,
   * passes over gaps and subtitles, and knows no rates.
   */
  playerSeconds?: number;
  /** Only in the whole set: it takes long to make. */
  isSlow?: boolean;
}

/** When something moves in the scene `moves`, which lasts 10 s. */
export const MOVES: readonly Stretch[] = [
  [3, 5],
  [7, 8.5],
];
export const NOTHING: readonly Stretch[] = [];
