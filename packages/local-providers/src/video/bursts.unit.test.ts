import { describe, expect, it } from "vitest";
import { ActivityWindows } from "./activity.ts";
import { findMotion } from "./bursts.ts";
import { findPossibleCuts } from "./cuts.ts";

/** A clip of 640 × 360 with one keyframe; `series` holds one value for each half second. */
function motionOf(series: number[], keyframes = [{ time: 0, bytes: 20_000 }]) {
  return findMotion({ series, keyframes, pixels: 640 * 360, duration: series.length / 2 });
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

    expect(motion?.bursts[0]?.start).toBeCloseTo(4.25, 1);
  });

  it("makes one burst of two with a short pause between them", () => {
    const motion = motionOf([...quiet(3), ...busy(2), 200, ...busy(2), ...quiet(4)]);

    expect(edgesOf(motion)).toEqual([[3, 7.5]]);
  });

  it("takes a single large window for a flash, not for movement", () => {
    expect(motionOf([...quiet(5), 5000, ...quiet(5)])).toBeNull();
  });

  it("finds nothing where nothing varies reliably", () => {
    expect(motionOf(quiet(10))).toBeNull();
    expect(motionOf(busy(10))).toBeNull();
    expect(
      motionOf(quiet(10).map((bytes, index) => (index < 10 ? bytes : bytes * 1.8))),
    ).toBeNull();
    expect(motionOf([])).toBeNull();
    expect(motionOf([0, 0, 0, 0, 0, 0])).toBeNull();
  });

  it("does not tell apart sizes that are mere bookkeeping", () => {
    expect(
      motionOf([...quiet(4).map(() => 10), ...quiet(3).map(() => 40), ...quiet(4).map(() => 10)]),
    ).toBeNull();
  });

  it("does not take the fading behind a regular keyframe for movement", () => {
    const fading = [1000, 850, 700, 600, 520, 450];
    const series = [...quiet(8), ...fading, ...quiet(5)];

    const regular = [0, 8, 16].map((time) => ({ time, bytes: 20_000 }));

    expect(motionOf(series, regular)).toBeNull();
    expect(edgesOf(motionOf(series))).toHaveLength(1);
  });
});

describe("activity windows", () => {
  it("averages delta frames, whatever their order, and leaves keyframes out", () => {
    const windows = new ActivityWindows();
    windows.add({ time: 0, bytes: 90_000, isKey: true });
    windows.add({ time: 0.4, bytes: 300, isKey: false });
    windows.add({ time: 0.2, bytes: 100, isKey: false });
    windows.add({ time: 1.1, bytes: 50, isKey: false });

    expect(windows.series(1.5)).toEqual([200, 200, 50]);
  });
});

describe("possible cuts", () => {
  const keys = (...times: number[]) => times.map((time) => ({ time, bytes: 20_000 }));

  it("names a keyframe that came early between calm pictures", () => {
    expect(findPossibleCuts(keys(0, 5), quiet(20), 20)).toEqual([5]);
  });

  it("says nothing of keyframes at a fixed interval", () => {
    expect(findPossibleCuts(keys(0, 2, 4, 6, 8), quiet(10), 10)).toEqual([]);
    expect(findPossibleCuts(keys(0, 1, 2, 3, 4, 5), quiet(10), 10)).toEqual([]);
    expect(findPossibleCuts(keys(0), quiet(10), 10)).toEqual([]);
  });

  it("says nothing where movement may have set the keyframe", () => {
    expect(findPossibleCuts(keys(0, 5), [...quiet(4), ...busy(3), ...quiet(13)], 20)).toEqual([]);
  });
});
