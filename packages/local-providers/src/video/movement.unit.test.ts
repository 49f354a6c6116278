import { describe, expect, it } from "vitest";
import { sampleActivity } from "./activity.ts";
import { findMotion } from "./bursts.ts";
import { findPossibleCuts } from "./cuts.ts";

const [COLUMNS, ROWS] = [64, 36];
type Scene = (seconds: number, column: number, row: number) => number;

/** A scene's pictures, as they are looked at. */
function samplesOf(
  scene: Scene,
  { seconds = 12, step = 0.125, without = [0, 0], group = 99 } = {},
) {
  const pictures = Array.from({ length: Math.round(seconds / step) }, (_, index) => {
    const time = index * step;
    const cells = new Uint8Array(COLUMNS * ROWS).map((_, cell) =>
      Math.round(
        Math.min(255, Math.max(0, scene(time, cell % COLUMNS, Math.floor(cell / COLUMNS)))),
      ),
    );
    return { time, cells, group: Math.floor(time / group) };
  }).filter(({ time }) => time < (without[0] ?? 0) || time >= (without[1] ?? 0));
  const edits = [{ start: 0, length: Number.POSITIVE_INFINITY, mediaStart: 0, rate: 1 }];
  return sampleActivity(pictures, edits, { mostGap: Math.max(1.2, 2.5 * step), lasts: step });
}

const motionOf = (scene: Scene, options: Parameters<typeof samplesOf>[1] = {}) =>
  findMotion(samplesOf(scene, options), options?.seconds ?? 12);
const edgesOf = (scene: Scene, options: Parameters<typeof samplesOf>[1] = {}) =>
  motionOf(scene, options)?.bursts.map(({ start, end }) => [start, end]);

/** The same numbers each time, between -1 and 1. */
const random = (...seeds: number[]) =>
  2 * ((((Math.sin(seeds.reduce((sum, seed) => sum * 37.7 + seed, 1)) * 43_758.5) % 1) + 1) % 1) -
  1;
const waves = (column: number, row: number) =>
  Math.sin(column / 5) * Math.cos(row / 4) + Math.sin(column / 2 + row / 9) * Math.sin(column / 11);
const room: Scene = (_, column, row) => 110 + 35 * waves(column, row);
const otherRoom: Scene = (_, column, row) => 120 + 70 * Math.cos(column / 3 + row / 6);
/** A ball of two by two cells that flies about the room from 4 to 6 seconds. */
const ball: Scene = (seconds, column, row) => {
  const gone = Math.min(2, Math.max(0, seconds - 4));
  const [x, y] = [30 + 25 * Math.sin(3 * gone), 16 + 12 * Math.cos(5 * gone)];
  const isBall = Math.abs(column + 0.5 - x) <= 1 && Math.abs(row + 0.5 - y) <= 1;
  return isBall ? 240 : room(seconds, column, row);
};
const grainy =
  (scene: Scene, strength: number): Scene =>
  (seconds, column, row) =>
    scene(seconds, column, row) + strength * random(seconds, column, row);
const mixed = (first: Scene, second: Scene, share: (seconds: number) => number): Scene => {
  return (seconds, ...at) =>
    (1 - share(seconds)) * first(seconds, ...at) + share(seconds) * second(seconds, ...at);
};
const ramp = (from: number, to: number) => (seconds: number) =>
  Math.min(1, Math.max(0, (seconds - from) / (to - from)));

/** Drawn anew so many seconds after the last time, and otherwise. */
const redrawn =
  (every: number): Scene =>
  (seconds, column, row) =>
    room(seconds, column, row) + 20 * random(Math.floor(seconds / every), column, row);
/** Rough at first, until each part of it is drawn at a time of its own. */
const refined: Scene = (seconds, column, row) =>
  seconds > 1.5 + 1.2 * random(column, row) ? room(seconds, column, row) : 110;

function expectBurst(found: number[][] | undefined, from: number, to: number, off = 0.3): void {
  expect(found).toHaveLength(1);
  expect(Math.abs((found?.[0]?.[0] ?? 99) - from)).toBeLessThanOrEqual(off);
  expect(Math.abs((found?.[0]?.[1] ?? 99) - to)).toBeLessThanOrEqual(off);
}

describe("movement", () => {
  it.each([
    ["a small ball", ball, 0.125],
    ["a ball in grain", grainy(ball, 4), 0.125],
    ["a ball at five pictures a second", ball, 0.2],
    [
      "a pan",
      ((seconds, column, row) => room(0, column + 9 * 2 * ramp(4, 6)(seconds), row)) as Scene,
      0.125,
    ],
    [
      "a ball while the light fades",
      mixed(
        ball,
        () => 16,
        (seconds) => 0.5 * ramp(2, 9)(seconds),
      ),
      0.125,
    ],
  ])("is %s", (_, scene, step) => {
    expectBurst(edgesOf(scene, { step }), 4, 6, 2 * step + 0.05);
  });

  it.each([
    ["a still picture", room],
    ["grain", grainy(room, 8)],
    ["a fade from black", mixed(() => 16, room, ramp(3, 6))],
    ["a dissolve", mixed(room, otherRoom, ramp(3, 6))],
    ["cuts between stills", mixed(room, otherRoom, (seconds) => Math.floor(seconds / 2) % 2)],
    ["a lamp that flickers", ((...at) => room(...at) * (1 + 0.3 * random(at[0]))) as Scene],
    [
      "a flash",
      mixed(
        room,
        () => 255,
        (seconds) => (Math.abs(seconds - 5) < 0.1 ? 1 : 0),
      ),
    ],
    [
      "a spoilt picture now and then",
      mixed(room, otherRoom, (seconds) => (seconds % 2 < 0.1 ? 0.5 : 0)),
    ],
    [
      "an encoder that refines what it shows",
      ((seconds, column, row) =>
        room(0, column, row) + 30 * 2 ** -seconds * random(column, row)) as Scene,
    ],
  ])("is not %s", (_, scene) => {
    expect(motionOf(scene)).toBeNull();
  });

  it("says how much more changes than at rest, and where it rests", () => {
    const motion = motionOf(ball);

    expect(motion?.bursts[0]?.ratio).toBeGreaterThan(1.5);
    expect(motion?.rests.map(({ start, end }) => [Math.round(start), Math.round(end)])).toEqual([
      [0, 4],
      [6, 12],
    ]);
    expect(motion?.separation).toBeGreaterThan(0.9);
  });

  it("stands out from what always moves, and is the whole clip where nothing rests", () => {
    const swaying: Scene = (seconds, column, row) =>
      room(0, column + 0.5 * Math.sin(3 * seconds), row);
    const both: Scene = (seconds, column, row) => {
      const there = ball(seconds, column, row);
      return there === 240 ? there : swaying(seconds, column, row);
    };
    const always: Scene = (seconds, column, row) => room(0, column + 20 * seconds, row);

    expectBurst(edgesOf(both), 4, 6, 0.5);
    expect(motionOf(swaying)).toBeNull();
    expect(motionOf(always)?.bursts).toEqual([{ start: 0, end: 12, ratio: null }]);
  });

  it("takes no sample for no rest, and ends a rest where pictures end", () => {
    const options = { without: [7, 10] };

    expectBurst(edgesOf(ball, options), 4, 6);
    expect(motionOf(ball, options)?.rests).toHaveLength(3);
    // What a stretch without pictures hides is neither.
    expect(motionOf(ball, { without: [3.9, 6.1] })).toBeNull();
    expect(motionOf(room, { seconds: 0.125 })).toBeNull();
  });
});

describe("possible cuts", () => {
  it("are where the picture becomes another one at once", () => {
    const cut = mixed(grainy(room, 4), grainy(otherRoom, 4), (seconds) => (seconds < 5 ? 0 : 1));

    expect(findPossibleCuts(samplesOf(cut))).toEqual([5]);
  });

  it.each([
    ["a fade", mixed(room, () => 16, ramp(3, 6))],
    ["a dissolve", mixed(room, otherRoom, ramp(3, 6))],
    [
      "a flash",
      mixed(
        room,
        () => 255,
        (seconds) => (Math.abs(seconds - 5) < 0.1 ? 1 : 0),
      ),
    ],
    ["movement", ball],
  ])("are not in %s", (_, scene) => {
    expect(findPossibleCuts(samplesOf(scene))).toEqual([]);
  });
});

describe("what an encoder does that is short of bits", () => {
  it("is no movement where it draws a still picture anew with each group of frames", () => {
    expect(edgesOf(redrawn(0.4), { group: 0.4 })).toBeUndefined();
    expect(edgesOf(redrawn(0.4))).toBeDefined();
  });

  it("is no movement where a rough picture becomes a fine one", () => {
    expect(edgesOf(refined)).toBeUndefined();
  });

  it("hides no ball, nor one whose camera shows three pictures a second", () => {
    const choppy: Scene = (seconds, ...at) => ball(Math.floor(3 * seconds) / 3, ...at);

    expectBurst(edgesOf(ball, { group: 0.4 }), 4, 6);
    expectBurst(edgesOf(choppy), 4, 6, 0.6);
    expectBurst(edgesOf(choppy, { group: 0.7 }), 4, 6, 0.6);
  });
});
