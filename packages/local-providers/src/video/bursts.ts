import { areNext, type Sample } from "./activity.ts";
import { isEncodersWork } from "./encoders-work.ts";
import { joinRuns, type Run, runsOf } from "./runs.ts";
import { ascending, mean, median, quantile } from "./statistics.ts";

/** A stretch of the clip in which something moves. Times in seconds from the clip's start. */
export interface Burst {
  start: number;
  end: number;
  /** How many times as much the picture changes as at rest; null where there is no rest. */
  ratio: number | null;
}

export interface Motion {
  bursts: Burst[];
  /** Stretches without bursts of which pictures were seen, in order. */
  rests: { start: number; end: number }[];
  /** Share of the variance that "burst or rest" explains, 0 to 1. */
  separation: number;
}

/** Where something moves the cells that change most change by so much: more than by grain. */
const LEAST_CHANGE = 8;
/** And in the middle of a movement by so much: encoders that are short of bits do less. */
const LEAST_PEAK = 12;
/** At its ends by this share of what they do in its middle: encoders tidy up behind a movement. */
const LEAST_SHARE = 0.3;
/** And by so many times as much as at rest, where rest is grainy, windy, or held in a hand. */
const LEAST_RISE = 2.5;
/** What changes by so much all the time moves all the time: grain does not. */
const CLEAR_CHANGE = 24;
/** A clip rests for such a share of its time, or not at all. */
const REST_SHARE = 0.1;
/** A mean change that is rounding: nothing is many times as much as less. */
const LEAST_REST = 0.5;
const LEAST_BURST_SECONDS = 1;
/** Of a burst's time movement is seen in such a share. */
const LEAST_BUSY_SHARE = 0.6;
/** Bursts with a shorter pause between them are one. */
const LONGEST_PAUSE_SECONDS = 1;

/** Finds the bursts of movement in a clip, or null when nothing in it moves that stands out. */
export function findMotion(samples: readonly Sample[], duration: number): Motion | null {
  const levels = samples.map((_, index) => levelAt(samples, index));
  const seen = ascending(levels.filter((level) => level !== null));
  if (seen.length === 0) return null;
  const usual = quantile(seen, REST_SHARE);
  let runs = runsAbove(Math.max(LEAST_CHANGE, LEAST_RISE * usual), samples, levels);
  if (runs.length === 0 && usual >= CLEAR_CHANGE) runs = runsAbove(LEAST_CHANGE, samples, levels);
  if (runs.length === 0) return null;
  const isBurst = new Uint8Array(samples.length);
  for (const { start, end } of runs) isBurst.fill(1, start, end);
  const isRest = (index: number) => isBurst[index] === 0 && levels[index] !== null;
  const rest = meanChange(samples.filter((_, index) => isRest(index)));
  return {
    bursts: runs.map((run) => {
      const change = meanChange(samples.slice(run.start, run.end)) ?? 0;
      const ratio = rest === null ? null : (change + LEAST_REST) / (rest + LEAST_REST);
      return { ...spanOf(samples, run, duration), ratio };
    }),
    rests: runsOf(samples.length, isRest, isNext(samples)).map((run) =>
      spanOf(samples, run, duration),
    ),
    separation: separationOf(levels, isBurst),
  };
}

function isNext(samples: readonly Sample[]): (index: number) => boolean {
  return (index) => areNext(samples, index - 1);
}

/** The middle of a sample's and its neighbours': what is there in one alone is a flash, or spoilt. */
function levelAt(samples: readonly Sample[], index: number): number | null {
  const own = samples[index]?.change ?? null;
  if (own === null) return null;
  const around = [
    areNext(samples, index - 1) ? index - 1 : index,
    areNext(samples, index) ? index + 1 : index,
  ];
  return median([own.top, ...around.map((at) => samples[at]?.change?.top ?? own.top)]);
}

/** Stretches of a second and more in which changes reach `least`, nearly all the time. */
function runsAbove(
  least: number,
  samples: readonly Sample[],
  levels: readonly (number | null)[],
): Run[] {
  const isBusy = (index: number) => (levels[index] ?? -1) >= least;
  const secondsOf = (run: Run) => {
    const { start, end } = spanOf(samples, run);
    return end - start;
  };
  const busy = runsOf(samples.length, isBusy, isNext(samples)).flatMap((run) =>
    withoutWeakEnds(run, levels),
  );
  return joinRuns(
    busy,
    (last, next) => spanOf(samples, next).start - spanOf(samples, last).end < LONGEST_PAUSE_SECONDS,
  ).filter((run) => {
    const inside = busy.filter(({ start, end }) => start >= run.start && end <= run.end);
    const seconds = inside.reduce((sum, part) => sum + secondsOf(part), 0);
    return (
      seconds >= Math.max(LEAST_BURST_SECONDS - 1e-3, LEAST_BUSY_SHARE * secondsOf(run)) &&
      !isEncodersWork(samples.slice(run.start, run.end))
    );
  });
}

/** Nothing of a run whose middle is weak itself. */
function withoutWeakEnds(run: Run, levels: readonly (number | null)[]): Run[] {
  const level = (index: number) => levels[index] ?? 0;
  const middle = median(levels.slice(run.start, run.end).map((value) => value ?? 0));
  if (middle < LEAST_PEAK) return [];
  let { start, end } = run;
  while (level(start) < LEAST_SHARE * middle) start++;
  while (level(end - 1) < LEAST_SHARE * middle) end--;
  return [{ start, end }];
}

function spanOf(
  samples: readonly Sample[],
  { start, end }: Run,
  duration = Number.POSITIVE_INFINITY,
) {
  const last = samples[end - 1]?.end ?? 0;
  return { start: Math.min(duration, samples[start]?.start ?? 0), end: Math.min(duration, last) };
}

function meanChange(samples: readonly Sample[]): number | null {
  const changes = samples.flatMap(({ change }) => change?.mean ?? []);
  return changes.length === 0 ? null : mean(changes);
}

/** Of the logarithms, as changes are many times as large, not so much larger. */
function separationOf(levels: readonly (number | null)[], isBurst: Uint8Array): number {
  const parts: [number[], number[]] = [[], []];
  for (const [index, level] of levels.entries()) {
    if (level !== null) parts[isBurst[index] === 1 ? 1 : 0].push(Math.log(level + LEAST_REST));
  }
  const [rest, burst] = parts;
  if (rest.length === 0) return 0;
  const all = [...rest, ...burst];
  const centre = mean(all);
  const variance = mean(all.map((value) => (value - centre) ** 2));
  const between = parts.map((part) => (part.length / all.length) * (mean(part) - centre) ** 2);
  return variance === 0 ? 0 : ((between[0] ?? 0) + (between[1] ?? 0)) / variance;
}
