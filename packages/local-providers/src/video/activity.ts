import type { FrameTable } from "./frame-table.ts";
import { usualGapOf } from "./statistics.ts";

/** Seconds of a window where frames are frequent. Shorter ones are noise, longer ones blur the ends of a burst. */
const LEAST_WINDOW_SECONDS = 0.5;
/** Seconds that are looked at together, where frames are frequent. */
const LEAST_SPAN_SECONDS = 1.5;
/** Of the frames looked at together, the largest are left out: a flash, a cut, a hidden frame. */
const TRIMMED_SHARE = 0.1;
const MOST_TRIMMED = 4;

/** Days. */
const MOST_WINDOWS = 1_000_000;

/** How much the picture changes, window by window. Null where no frame tells: no sample is no rest. */
export interface Activity {
  /** Seconds of a window. */
  step: number;
  /** Mean effort of each window's frames. */
  raw: readonly (number | null)[];
  /** The same over the windows around too, which evens out the pattern of an encoder's frames. */
  smooth: readonly (number | null)[];
  /** Whether a window holds some of the encoder's first frames, which tell how it finds its bit rate. */
  isWarmUp: readonly boolean[];
  /** Seconds from frame to frame, as is usual in this clip. */
  usualGap: number;
  /** Seconds of the encoder's pattern of large and small frames: what is shorter may be one of them. */
  pattern: number;
}

/** How long an encoder's warm-up lasts: the longest of these. */
const WARM_UP_SECONDS = 3;
const WARM_UP_FRAMES = 25;
const WARM_UP_PATTERNS = 3;

/**
 * Measures the delta frames: what it took to code one is what the encoder could not predict from
 * other frames, which is mostly movement. A keyframe's size is the picture's detail.
 *
 * `patternFrames` is how many frames the encoder's pattern of large and small ones has at most.
 */
export function measureActivity(
  frames: FrameTable,
  duration: number,
  patternFrames: number,
): Activity {
  const usualGap = usualGapOf(frames.starts) ?? LEAST_WINDOW_SECONDS;
  const step = Math.max(LEAST_WINDOW_SECONDS, usualGap);
  // A container may promise years behind its last frame.
  const count = Math.round(Math.min(duration, frames.end) / step);
  const windows: number[][] = Array.from({ length: Math.min(count, MOST_WINDOWS) }, () => []);
  const isWarmUp = windows.map(() => false);
  const warmUp = warmUpSeconds(frames, patternFrames);
  for (let frame = 0; frame < frames.count; frame++) {
    if (frames.keys[frame] === 1) continue;
    // A start that rounding put just below a window's begin belongs into it.
    const index = Math.floor((frames.starts[frame] ?? 0) / step + 1e-6);
    windows[index]?.push(frames.effort[frame] ?? 0);
    if ((frames.mediaTimes[frame] ?? 0) < warmUp) isWarmUp[index] = true;
  }
  const span = Math.max(LEAST_SPAN_SECONDS, patternFrames * usualGap);
  const beside = Math.max(1, Math.round((span / step - 1) / 2));
  return {
    step,
    usualGap,
    pattern: patternFrames * usualGap,
    isWarmUp,
    raw: windows.map(trimmedMean),
    smooth: windows.map((efforts, index) =>
      efforts.length === 0
        ? null
        : trimmedMean(windows.slice(Math.max(0, index - beside), index + beside + 1).flat()),
    ),
  };
}

/** In the track's own time, which edits may slow down or leave out. */
function warmUpSeconds({ mediaTimes }: FrameTable, patternFrames: number): number {
  const gap = usualGapOf(Float64Array.from(mediaTimes).sort()) ?? 0;
  return Math.max(
    WARM_UP_SECONDS,
    Math.max(WARM_UP_FRAMES, WARM_UP_PATTERNS * patternFrames) * gap,
  );
}

function trimmedMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const share = Math.min(MOST_TRIMMED, Math.ceil(values.length * TRIMMED_SHARE));
  const trimmed = values.length < 4 ? 0 : share;
  const kept = [...values].sort((a, b) => a - b).slice(0, values.length - trimmed);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}
