import { WINDOW_SECONDS, withoutSpikes } from "./activity.ts";
import { gapsOf, type Keyframe } from "./cuts.ts";
import { joinRuns, type Run, runsAbove } from "./runs.ts";
import { ascending, mean, quantile, splitInTwo } from "./statistics.ts";

/** A stretch of the clip whose activity stands out. Times in seconds from the clip's start. */
export interface Burst {
  start: number;
  end: number;
  /** The middle of its busiest window. */
  peak: number;
  /** Mean size of its delta frames over that of the rest of the clip: how much it stands out. */
  ratio: number;
}

export interface Motion {
  bursts: Burst[];
  /** Stretches without bursts, in order. */
  rests: { start: number; end: number }[];
  /** Share of the variance that "burst or rest" explains, 0 to 1. */
  separation: number;
}

export interface MotionInput {
  /** Mean bytes of a delta frame in each window. */
  series: readonly number[];
  keyframes: readonly Keyframe[];
  /** Width × height. */
  pixels: number;
  /** Seconds. */
  duration: number;
}

/** Below this spread (natural logarithm of p95 over p10) a clip is all still or all moving. */
const LEAST_SPREAD = 0.9;
const LEAST_WINDOWS = 4;
const LEAST_BURST_SECONDS = 1;
/** Bursts with a shorter pause between them are one. */
const LONGEST_PAUSE_SECONDS = 1;
/** Keyframes further apart than this leave a trace in the frames behind them. */
const SPARSE_KEYFRAME_SECONDS = 4;

/**
 * Finds the bursts of movement in a clip, or null when nothing in it varies reliably. Sizes below
 * a byte per 4,096 pixels are bookkeeping of the encoder, not movement, and are not told apart.
 */
export function findMotion({ series, keyframes, pixels, duration }: MotionInput): Motion | null {
  if (series.length < LEAST_WINDOWS) return null;
  const floor = Math.max(16, pixels / 4096);
  const levels = withoutSpikes(series.map((bytes) => Math.log(bytes + floor)));
  const sorted = ascending(levels);
  const low = quantile(sorted, 0.1);
  const high = quantile(sorted, 0.95);
  if (high - low < LEAST_SPREAD) return null;

  const scaled = levels.map((level) => Math.min(1, Math.max(0, (level - low) / (high - low))));
  const split = splitInTwo(scaled);
  if (split === null) return null;
  const runs = joinRuns(runsAbove(scaled, split.threshold), LONGEST_PAUSE_SECONDS / WINDOW_SECONDS)
    .filter((run) => (run.end - run.start) * WINDOW_SECONDS >= LEAST_BURST_SECONDS)
    .filter((run) => !isEchoOfKeyframe(run, series, keyframes));

  const quiet = series.filter((_, index) => runs.every((r) => index < r.start || index >= r.end));
  if (runs.length === 0 || quiet.length === 0) return null;
  const usual = mean(quiet);
  const bursts = runs.map((run) => {
    const sizes = series.slice(run.start, run.end);
    const peak = run.start + sizes.indexOf(Math.max(...sizes));
    return {
      ...edges(run, series, usual, duration),
      peak: Math.min(duration, (peak + 0.5) * WINDOW_SECONDS),
      ratio: (mean(sizes) + floor) / (usual + floor),
    };
  });
  return { bursts, rests: between(bursts, duration), separation: split.separation };
}

/**
 * A rise that begins with a regular keyframe and only fades is the encoder refining the new
 * picture, as it does with grain. Where keyframes are frequent every window has its share of that.
 */
function isEchoOfKeyframe(
  run: Run,
  series: readonly number[],
  keyframes: readonly Keyframe[],
): boolean {
  const gaps = gapsOf(keyframes);
  const longest = Math.max(0, ...gaps);
  if (longest < SPARSE_KEYFRAME_SECONDS) return false;
  const start = run.start * WINDOW_SECONDS;
  const beginsWithKeyframe = keyframes.some(
    ({ time }, index) =>
      index > 0 &&
      (gaps[index - 1] ?? 0) >= 0.9 * longest &&
      Math.abs(time - start) <= WINDOW_SECONDS,
  );
  const sizes = series.slice(run.start, run.end);
  const half = Math.ceil(sizes.length / 2);
  return beginsWithKeyframe && mean(sizes.slice(0, half)) > 1.25 * mean(sizes.slice(half));
}

/**
 * Places the ends within the first and last window: a window that is busy for half its time has
 * half the excess of the one beside it.
 */
function edges(run: Run, series: readonly number[], usual: number, duration: number) {
  const share = (index: number, beside: number) => {
    const full = (series[beside] ?? 0) - usual;
    const excess = (series[index] ?? 0) - usual;
    return full <= 0 ? 1 : Math.min(1, Math.max(0.1, excess / full));
  };
  const last = run.end - 1;
  const first = share(run.start, run.start + 1);
  const final = share(last, last - 1);
  // Near the whole window it is noise, not a later begin.
  const start = (run.start + (first > 0.8 ? 0 : 1 - first)) * WINDOW_SECONDS;
  const end = (last + (final > 0.8 ? 1 : final)) * WINDOW_SECONDS;
  return { start, end: Math.min(duration, end) };
}

function between(bursts: readonly Burst[], duration: number): Motion["rests"] {
  const ends = [0, ...bursts.flatMap(({ start, end }) => [start, end]), duration];
  const rests: Motion["rests"] = [];
  for (let index = 0; index < ends.length; index += 2) {
    const start = ends[index] ?? 0;
    const end = ends[index + 1] ?? duration;
    if (end > start) rests.push({ start, end });
  }
  return rests;
}
