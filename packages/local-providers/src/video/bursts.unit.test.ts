import { describe, expect, it } from "vitest";
import { type Activity, measureActivity } from "./activity.ts";
import { findMotion } from "./bursts.ts";
import { findPossibleCuts } from "./cuts.ts";
import type { FrameTable } from "./frame-table.ts";

type Series = (number | null)[];

/** A clip of windows of half a second, the first `warmUp` of which are the encoder's first. */
function activityOf(series: Series, warmUp = 0, pattern = 0.3): Activity {
  const isWarmUp = series.map((_, index) => index < warmUp);
  return { step: 0.5, raw: series, smooth: series, isWarmUp, usualGap: 1 / 30, pattern };
}

/** What is found in a clip whose keyframes come at `keyframeTimes`. */
function motionOf(series: Series, keyframeTimes = [0], warmUp = 0) {
  const activity = activityOf(series, warmUp);
  const duration = series.length / 2;
  return findMotion({ activity, keyframeTimes, floor: 56, leastRatio: 1.6, duration });
}

const quiet = (seconds: number) =>
  Array.from({ length: seconds * 2 }, (_, i) => 200 + (i % 3) * 20);
const busy = (seconds: number) =>
  Array.from({ length: seconds * 2 }, (_, i) => 1000 + (i % 3) * 50);
const edgesOf = (motion: ReturnType<typeof motionOf>) =>
  motion?.bursts.map(({ start, end }) => [start, end]);

describe("bursts", () => {
  it("finds where activity rises and falls, and how far", () => {
    const motion = motionOf([...quiet(4), ...busy(3), ...quiet(5)]);

    expect(edgesOf(motion)).toEqual([[4, 7]]);
    expect(motion?.bursts[0]?.ratio).toBeGreaterThan(3.5);
    expect(motion?.bursts[0]?.ratio).toBeLessThan(5);
    expect(motion?.rests).toEqual([
      { start: 0, end: 4 },
      { start: 7, end: 12 },
    ]);
    expect(motion?.separation).toBeGreaterThan(0.9);
  });

  it("places an end within its window", () => {
    // The burst covers half of the window from 4.0 to 4.5 s.
    const motion = motionOf([...quiet(4), 620, ...busy(3), ...quiet(5)]);

    expect(motion?.bursts[0]?.start).toBeCloseTo(4.25, 0);
  });

  it("makes one burst of two with a short pause between them", () => {
    const motion = motionOf([...quiet(3), ...busy(2), 200, ...busy(2), ...quiet(4)]);

    expect(edgesOf(motion)).toEqual([[3, 7.5]]);
  });

  it("takes a single large window for a flash, not for movement", () => {
    expect(motionOf([...quiet(5), 5000, ...quiet(5)])).toBeNull();
  });

  it("takes nothing for movement that one of the encoder's large frames explains", () => {
    const series = [...quiet(5), ...busy(1.5), ...quiet(5)];
    const within = (pattern: number) =>
      findMotion({
        ...{ activity: activityOf(series, 0, pattern), keyframeTimes: [0] },
        ...{ floor: 56, leastRatio: 1.6, duration: 11.5 },
      });

    expect(within(2)).toBeNull();
    expect(edgesOf(within(1))).toEqual([[5, 6.5]]);
  });

  it("finds nothing where nothing varies reliably", () => {
    expect(motionOf(quiet(10))).toBeNull();
    expect(motionOf(busy(10))).toBeNull();
    expect(
      motionOf(quiet(10).map((bytes, index) => (index < 10 ? bytes : bytes * 1.5))),
    ).toBeNull();
    expect(motionOf([])).toBeNull();
    expect(motionOf([0, 0, 0, 0, 0, 0])).toBeNull();
    expect(motionOf([null, null, null, null, null, null])).toBeNull();
  });

  it("does not tell apart sizes that are mere bookkeeping", () => {
    expect(
      motionOf([...quiet(4).map(() => 3), ...quiet(3).map(() => 30), ...quiet(4).map(() => 3)]),
    ).toBeNull();
  });

  it("does not take the fading behind a keyframe for movement", () => {
    const fading = [1000, 850, 700, 600, 520, 450];
    const series = [...quiet(8), ...fading, ...quiet(5)];

    expect(motionOf(series, [0, 8, 16])).toBeNull();
    expect(motionOf(series, [0, 2, 4, 6, 8, 10])).toBeNull();
    expect(edgesOf(motionOf(series, [0]))).toHaveLength(1);
  });

  it("takes for movement what goes on over many keyframes, though it begins behind one", () => {
    const series = [...quiet(8), 1000, 900, 850, 800, 700, 600, 500, ...quiet(5)];
    const everySecond = Array.from({ length: 16 }, (_, second) => second);

    expect(edgesOf(motionOf(series, everySecond))).toHaveLength(1);
  });

  it("does not take what an encoder does right behind a long group's keyframe for movement", () => {
    const series = [...quiet(8), 900, 1000, 950, ...quiet(5)];

    expect(motionOf(series, [0, 8])).toBeNull();
    expect(edgesOf(motionOf(series, [0, 6]))).toHaveLength(1);
  });

  it("believes a smaller rise where the encoder is steady at rest", () => {
    const rest = (seconds: number) => quiet(seconds).map((_, at) => 60 + (at % 2));
    const restless = (seconds: number) => quiet(seconds).map((_, at) => 60 + 10 * (at % 3));
    const rise = [130, 135, 128, 131];

    expect(edgesOf(motionOf([...rest(5), ...rise, ...rest(5)]))).toEqual([[5, 7]]);
    expect(motionOf([...restless(5), ...rise, ...restless(5)])).toBeNull();
  });

  it("does not take what fills the first group out of the warm-up for movement", () => {
    const refined = [...quiet(1), ...busy(8)];

    expect(motionOf([...refined, ...quiet(6)], [0, 9, 18], 6)).toBeNull();
    expect(edgesOf(motionOf([...refined, ...quiet(6)], [0, 6, 12], 6))).toHaveLength(1);
  });

  it("does not take a whole group of pictures for movement", () => {
    const series = [...quiet(5), ...busy(5), ...quiet(5)];

    expect(motionOf(series, [0, 5, 10])).toBeNull();
    expect(edgesOf(motionOf(series, [0, 3, 8, 13]))).toEqual([[5, 10]]);
  });

  it("takes no sample for no rest, and ends a rest where frames end", () => {
    const nothing = (seconds: number): null[] => Array.from({ length: seconds * 2 }, () => null);

    expect(motionOf([...busy(3), ...nothing(6), ...busy(3)])).toBeNull();
    expect(
      motionOf([...quiet(3), ...nothing(2), ...quiet(1), ...busy(3), ...quiet(3)])?.rests,
    ).toEqual([
      { start: 0, end: 3 },
      { start: 5, end: 6 },
      { start: 9, end: 12 },
    ]);
  });

  it("takes an encoder's first frames for no evidence, neither of movement nor of rest", () => {
    const warmUp = 6;

    expect(motionOf([...busy(3), ...quiet(7)], [0], warmUp)).toBeNull();
    expect(motionOf([...quiet(3), ...busy(7)], [0], warmUp)).toBeNull();
    // What goes on behind them is movement, from where it began.
    expect(edgesOf(motionOf([...quiet(2), ...busy(3), ...quiet(5)], [0], warmUp))).toEqual([
      [2, 5],
    ]);
    expect(edgesOf(motionOf([...busy(5), ...quiet(5)], [0], warmUp))).toEqual([[0, 5]]);
  });

  it("reads hours of frames, most of them keyframes", () => {
    const hours = 3 * 3600;
    const keyframes = Array.from({ length: hours * 25 }, (_, index) => index / 25);

    expect(motionOf([...quiet(hours - 4), ...busy(4)], keyframes)?.bursts).toHaveLength(1);
    const all = keyframes.map((time) => ({ time, effort: 20_000 }));
    expect(findPossibleCuts(all, activityOf(quiet(hours)), hours)).toEqual([]);
  });
});

/** Frames that last until the next one; a negative effort stands for a keyframe. */
function frames(...rows: [time: number, effort: number][]): FrameTable {
  const sorted = rows.sort((a, b) => a[0] - b[0]);
  const starts = Float64Array.from(sorted, ([time]) => time);
  return {
    count: rows.length,
    starts,
    effort: Float64Array.from(sorted, ([, effort]) => Math.abs(effort)),
    keys: Uint8Array.from(sorted, ([, effort]) => (effort < 0 ? 1 : 0)),
    mediaTimes: starts,
    shownSeconds: 1,
    end: 10,
  };
}

describe("activity", () => {
  it("averages delta frames in each window, and leaves keyframes out", () => {
    const table = frames([0, -90_000], [0.2, 100], [0.4, 300], [1.1, 50]);

    expect(measureActivity(table, 1.5, 8).raw).toEqual([200, null, 50]);
  });

  it("takes windows as long as frames are apart", () => {
    const table = frames([0, -9000], [2, 10], [4, 20], [6, 30], [8, 40]);

    const { step, raw } = measureActivity(table, 10, 8);

    expect(step).toBe(2);
    expect(raw).toEqual([null, 10, 20, 30, 40]);
  });

  it("leaves out the largest of many frames", () => {
    const rows = Array.from({ length: 10 }, (_, index): [number, number] => [index * 0.05, 10]);
    rows[5] = [0.25, 9_000];

    expect(measureActivity(frames(...rows), 0.5, 8).raw).toEqual([10]);
  });
});

describe("possible cuts", () => {
  const keys = (...times: number[]) => times.map((time) => ({ time, effort: 20_000 }));

  it("names a keyframe that came early between calm pictures", () => {
    expect(findPossibleCuts(keys(0, 5), activityOf(quiet(20)), 20)).toEqual([5]);
  });

  it("says nothing of keyframes at a fixed interval", () => {
    expect(findPossibleCuts(keys(0, 2, 4, 6, 8), activityOf(quiet(10)), 10)).toEqual([]);
    expect(findPossibleCuts(keys(0, 1, 2, 3, 4, 5), activityOf(quiet(10)), 10)).toEqual([]);
    expect(findPossibleCuts(keys(0), activityOf(quiet(10)), 10)).toEqual([]);
  });

  it("says nothing where movement may have set the keyframe", () => {
    const moving = activityOf([...quiet(4), ...busy(3), ...quiet(13)]);
    expect(findPossibleCuts(keys(0, 5), moving, 20)).toEqual([]);
  });
});
