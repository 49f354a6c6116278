import { WINDOW_SECONDS, withoutSpikes } from "./activity.ts";
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

/** Below this spread (natural logarithm of p95 over p10) a clip is all still or all moving. */
const LEAST_SPREAD = 0.9;
const LEAST_WINDOWS = 4;
const LEAST_BURST_SECONDS = 1;
/** Bursts with a shorter pause between them are one. */
const LONGEST_PAUSE_SECONDS = 1;

/**
 * Finds the bursts of movement in a series of mean delta-frame sizes, or null when nothing in it
 * varies reliably. `pixels` is width × height: sizes below a byte per 4,096 pixels are bookkeeping
 * of the encoder, not movement, and are not told apart.
 */
export function findMotion(
  series: readonly number[],
  pixels: number,
  duration: number,
): Motion | null {
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
  const runs = joinRuns(findRuns(scaled, split.threshold)).filter(
    (run) => (run.end - run.start) * WINDOW_SECONDS >= LEAST_BURST_SECONDS,
  );
  if (runs.length === 0) return null;

  const inBurst = new Set(runs.flatMap(({ start, end }) => range(start, end)));
  const quiet = series.filter((_, index) => !inBurst.has(index));
  if (quiet.length === 0) return null;
  const usual = mean(quiet) + floor;
  const bursts = runs.map(({ start, end }) => {
    const sizes = series.slice(start, end);
    const peak = start + sizes.indexOf(Math.max(...sizes));
    return {
      start: start * WINDOW_SECONDS,
      end: Math.min(duration, end * WINDOW_SECONDS),
      peak: Math.min(duration, (peak + 0.5) * WINDOW_SECONDS),
      ratio: (mean(sizes) + floor) / usual,
    };
  });
  return { bursts, rests: between(bursts, duration), separation: split.separation };
}

interface Run {
  start: number;
  end: number;
}

function findRuns(scaled: readonly number[], threshold: number): Run[] {
  const runs: Run[] = [];
  for (const [index, level] of scaled.entries()) {
    if (level < threshold) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.end === index) last.end = index + 1;
    else runs.push({ start: index, end: index + 1 });
  }
  return runs;
}

function joinRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && (run.start - last.end) * WINDOW_SECONDS < LONGEST_PAUSE_SECONDS) {
      last.end = run.end;
    } else joined.push({ ...run });
  }
  return joined;
}

function between(bursts: readonly Burst[], duration: number): Motion["rests"] {
  const edges = [0, ...bursts.flatMap(({ start, end }) => [start, end]), duration];
  const rests: Motion["rests"] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const start = edges[index] ?? 0;
    const end = edges[index + 1] ?? duration;
    if (end > start) rests.push({ start, end });
  }
  return rests;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
