import type { Activity } from "./activity.ts";
import { type Evidence, evidenceFor } from "./evidence.ts";
import { joinRuns, type Run, runsAbove } from "./runs.ts";
import { isEncoderSettling, isGroupOfPictures } from "./settling.ts";
import { ascending, mean, quantile, splitInTwo, spreadOf } from "./statistics.ts";

/** A stretch of the clip whose activity stands out. Times in seconds from the clip's start. */
export interface Burst {
  start: number;
  end: number;
  /** Mean effort of its delta frames over that of the quiet parts: how much it stands out. */
  ratio: number;
}

export interface Motion {
  bursts: Burst[];
  /** Stretches without bursts in which frames were seen, in order. */
  rests: { start: number; end: number }[];
  /** Share of the variance that "burst or rest" explains, 0 to 1. */
  separation: number;
}

export interface MotionInput {
  activity: Activity;
  /** Seconds, ascending. */
  keyframeTimes: readonly number[];
  /** Effort that is bookkeeping of the encoder, not movement. */
  floor: number;
  /** A burst's mean effort is so many times that of the quiet parts. */
  leastRatio: number;
  /** Seconds. */
  duration: number;
}

/** A burst's level lies so many times rest's own spread above that of rest. */
const LEAST_RISE_IN_SPREADS = 2.5;
const LEAST_WINDOWS = 4;
const MOST_OF_A_WINDOW = 0.8;
const LITTLE_OF_A_WINDOW = 0.2;
/** Of a burst's windows, so many are busy by themselves. */
const LEAST_BUSY_SHARE = 0.75;
const LEAST_BURST_SECONDS = 1;
/** Bursts with a shorter pause between them are one. */
const LONGEST_PAUSE_SECONDS = 1;
/** How far below the rest of its run (natural logarithm) a window of the warm-up still belongs to it. */
const WARM_UP_TOLERANCE = 0.5;

/** Finds the bursts of movement in a clip, or null when nothing in it varies reliably. */
export function findMotion(input: MotionInput): Motion | null {
  const { activity, duration, keyframeTimes } = input;
  const evidence = evidenceFor(activity, input);
  const { floor } = evidence;
  const { step } = activity;
  const levelsOf = (series: Activity["raw"]) =>
    series.map((effort) => (effort === null ? null : Math.log(effort + floor)));
  const levels = levelsOf(activity.smooth);
  const { isWarmUp } = activity;
  const split = restAndMovement(
    levels.filter((level, index): level is number => level !== null && !isWarmUp[index]),
    evidence,
  );
  if (split === null) return null;

  const raw = levelsOf(activity.raw);
  // Smoothing widens a run by windows that are quiet themselves.
  const found = runsAbove(levels, split.threshold).map((run) => tighten(run, raw, split.threshold));
  const runs = joinRuns(found, LONGEST_PAUSE_SECONDS / step)
    .filter((run) => !isGroupOfPictures(run, activity, keyframeTimes))
    .map((run) => withoutWarmUp(run, raw, activity, split.rest))
    .filter((run) => {
      const seen = raw.slice(run.start, run.end).filter((level) => level !== null);
      const busy = seen.filter((level) => level >= split.leastBusy);
      return (
        busy.length * step >= Math.max(LEAST_BURST_SECONDS, activity.pattern) &&
        busy.length >= LEAST_BUSY_SHARE * seen.length &&
        mean(seen) - split.rest >= split.leastRise &&
        !isEncoderSettling(run, seen, step, keyframeTimes)
      );
    });
  const isQuiet = (index: number) => runs.every(({ start, end }) => index < start || index >= end);
  const quiet = activity.raw.filter(
    (effort, index): effort is number => effort !== null && !isWarmUp[index] && isQuiet(index),
  );
  if (quiet.length * step < LEAST_BURST_SECONDS) return null;
  const usual = mean(quiet);
  const bursts = runs
    .map((run) => ({ run, burst: describe(run, activity, { usual, floor, duration }) }))
    .filter(({ burst }) => burst.ratio >= evidence.leastRatio);
  if (bursts.length === 0) return null;
  return {
    bursts: bursts.map(({ burst }) => burst),
    rests: restsBetween(
      bursts.map(({ run }) => run),
      activity,
      duration,
    ),
    separation: split.separation,
  };
}

/**
 * The run from its first to its last window that is high by itself, those next to it included;
 * empty without one.
 */
function tighten(run: Run, raw: Activity["raw"], threshold: number): Run {
  const isBusy = (index: number) => (raw[index] ?? threshold - 1) >= threshold;
  let { start, end } = run;
  while (start < end && !isBusy(start)) start++;
  while (end > start && !isBusy(end - 1)) end--;
  if (start === end) return { start, end };
  const before = [1, 2].find((windows) => isBusy(start - windows)) ?? 0;
  const behind = [1, 2].find((windows) => isBusy(end - 1 + windows)) ?? 0;
  return { start: start - before, end: end + behind };
}

/**
 * What is high while the encoder finds its bit rate is no evidence by itself: a run that goes on
 * behind the warm-up keeps what is next to it and rises at least half as high over rest. Of a run
 * from the clip's start, that must be a burst without it. A run without evidence is left empty.
 */
function withoutWarmUp(
  run: Run,
  raw: Activity["raw"],
  { isWarmUp, step }: Activity,
  rest: number,
): Run {
  let warm = run.start;
  while (warm < run.end && isWarmUp[warm]) warm++;
  if (warm === run.start) return run;
  const isFromStart = run.start * step < LEAST_BURST_SECONDS;
  const least = isFromStart ? LEAST_BURST_SECONDS / step : 1;
  if (run.end - warm < least) return { start: run.end, end: run.end };
  const behind = mean(raw.slice(warm, run.end).filter((level) => level !== null));
  const leastLevel = Math.max(behind - WARM_UP_TOLERANCE, (behind + rest) / 2);
  let start = warm;
  while (start > run.start && (raw[start - 1] ?? rest) >= leastLevel) start--;
  return { start, end: run.end };
}

interface Split {
  threshold: number;
  separation: number;
  /** Mean level of rest. */
  rest: number;
  leastRise: number;
  /** A window at or above it belongs to movement, if its neighbours do. */
  leastBusy: number;
}

/** Otsu's split of the levels, where they fall in two clearly enough. */
function restAndMovement(levels: readonly number[], evidence: Evidence): Split | null {
  if (levels.length < LEAST_WINDOWS) return null;
  const sorted = ascending(levels);
  const low = quantile(sorted, 0.1);
  // A burst of a second in hours of rest is two windows.
  const high = Math.max(quantile(sorted, 0.95), sorted.at(-2) ?? 0);
  if (high - low < evidence.leastSpread) return null;
  const split = splitInTwo(levels.map((level) => Math.min(high, Math.max(low, level))));
  if (split === null) return null;
  // Where bursts are rare, the best split of the values lies within rest.
  const nearest = (share: number) => low + share * (high - low);
  const threshold = Math.min(nearest(0.65), Math.max(nearest(0.35), split.threshold));
  const rest = levels.filter((level) => level < threshold);
  const leastRise = Math.max(evidence.leastRise, LEAST_RISE_IN_SPREADS * spreadOf(rest));
  const leastBusy = Math.min(threshold, mean(rest) + leastRise);
  return { threshold, separation: split.separation, rest: mean(rest), leastRise, leastBusy };
}

function describe(
  run: Run,
  { raw, step }: Activity,
  { usual, floor, duration }: { usual: number; floor: number; duration: number },
): Burst {
  const efforts = raw.slice(run.start, run.end).filter((effort) => effort !== null);
  const { start, end } = edges(run, raw, usual);
  return {
    start: Math.max(0, start * step),
    end: Math.min(duration, end * step),
    ratio: (mean(efforts) + floor) / (usual + floor),
  };
}

/**
 * Where a run begins and ends, in windows. A window around a rise or fall is busy for a part of its
 * time: by that part of the excess of the one beside. It may count as busy itself or not.
 */
function edges(run: Run, raw: Activity["raw"], usual: number): Run {
  const share = (index: number, beside: number) => {
    const full = (raw[beside] ?? usual) - usual;
    const excess = (raw[index] ?? usual) - usual;
    return full <= 0 ? 1 : Math.min(1, Math.max(0, excess / full));
  };
  // Near the whole window it is noise, not a later begin; near none of it no earlier one.
  const outermost = (index: number, beside: number, outside: number) => {
    const inside = share(index, beside);
    if (inside <= MOST_OF_A_WINDOW) return inside - 1;
    const beyond = share(outside, index);
    return beyond >= LITTLE_OF_A_WINDOW ? beyond : 0;
  };
  const last = run.end - 1;
  return {
    start: run.start - outermost(run.start, run.start + 1, run.start - 1),
    end: run.end + outermost(last, last - 1, run.end),
  };
}

/** Rests are where frames were seen to be small; a stretch without frames ends one. */
function restsBetween(
  runs: readonly Run[],
  { raw, step }: Activity,
  duration: number,
): Motion["rests"] {
  const rests: Motion["rests"] = [];
  let start: number | null = null;
  for (let index = 0; index <= raw.length; index++) {
    const isSeen = index < raw.length && raw[index] !== null;
    const isRest = isSeen && runs.every((run) => index < run.start || index >= run.end);
    if (isRest) start ??= index;
    else if (start !== null) {
      // The last window is cut off or widened by the clip's end.
      const isLast = index === raw.length && Math.abs(duration - index * step) < step;
      rests.push({
        start: start * step,
        end: isLast ? duration : Math.min(duration, index * step),
      });
      start = null;
    }
  }
  return rests;
}
