import { describe, expect, test } from "vitest";
import { coachingOf, elementOf, remarkOf } from "../testing/jobs.ts";
import { clipTimeAt } from "./clip-time.ts";
import { planCoaching } from "./coaching.ts";
import { type Composition, planTimeline } from "./timeline.ts";

const at = (feedback_id: number, start_seconds: number, said = {}) =>
  remarkOf({ feedback_id, start_seconds, end_seconds: start_seconds + 1, ...said });
const measured = { clip: null, spoken: new Map(), elements: new Map() };
const composition = (said: Partial<Composition>): Composition => ({
  fps: 25,
  options: {},
  coaching: null,
  elements: [],
  ...said,
});

describe("freeze", () => {
  const plan = planCoaching(
    { mode: "freeze", captions: true, remarks: [at(2, 6), at(1, 2)] },
    10,
    new Map([
      [1, 3],
      [2, 1],
    ]),
  );

  test("speaks each remark while the picture of its moment holds", () => {
    expect(plan.remarks).toEqual([
      { feedbackId: 1, from: 2, spokenTo: 5, readTo: 5.4 },
      { feedbackId: 2, from: 9.4, spokenTo: 10.4, readTo: 10.8 },
    ]);
    expect(plan.seconds).toBeCloseTo(14.8);
    expect([1, 2, 4, 5.4, 9, 10, 14.7].map((second) => clipTimeAt(plan.pieces, second))).toEqual([
      1,
      2,
      2,
      2,
      expect.closeTo(5.6),
      6,
      expect.closeTo(9.9),
    ]);
  });

  test("a remark after the clip's end is spoken over its last picture", () => {
    const late = planCoaching(coachingOf({ remarks: [at(1, 99)] }), 4, new Map([[1, 2]]));

    expect(late.remarks[0]?.from).toBe(4);
    expect(clipTimeAt(late.pieces, 5)).toBe(4);
  });

  test("what is neither heard nor read makes no pause", () => {
    const silent = planCoaching(coachingOf({ remarks: [at(1, 1)] }), 4, new Map());

    expect(silent).toMatchObject({ seconds: 4, remarks: [] });
  });
});

describe("duck", () => {
  test("the clip goes on, and a remark waits for the one before it", () => {
    const plan = planCoaching(
      { mode: "duck", captions: true, remarks: [at(1, 1), at(2, 2)] },
      10,
      new Map([
        [1, 3],
        [2, 1],
      ]),
    );

    expect(plan.remarks).toEqual([
      { feedbackId: 1, from: 1, spokenTo: 4, readTo: 4.4 },
      { feedbackId: 2, from: 4.4, spokenTo: 5.4, readTo: 5.800000000000001 },
    ]);
    expect(plan).toMatchObject({ seconds: 10, pieces: [{ from: 0, to: 10, holds: false }] });
  });

  test("the last picture holds until the last word", () => {
    const plan = planCoaching(
      { mode: "duck", captions: false, remarks: [at(1, 9)] },
      10,
      new Map([[1, 3]]),
    );

    expect(plan.seconds).toBeCloseTo(12.4);
    expect(clipTimeAt(plan.pieces, 12)).toBe(10);
  });
});

describe("elements", () => {
  const image = { element_type: "image" as const, path: "p" };

  test("the last one says how long all is, in whole frames, lower layers first", () => {
    const plan = planTimeline(
      composition({
        elements: [
          elementOf({ id: 1, layer: 3, ...image, start_seconds: 1, duration_seconds: 2.01 }),
          elementOf({ id: 2, trim_start_seconds: 1, start_seconds: 0.5 }),
        ],
      }),
      { ...measured, elements: new Map([[2, 2]]) },
    );

    expect(plan.frames).toBe(75);
    expect(plan.elements.map(({ element, from, to }) => [element.id, from, to])).toEqual([
      [2, 0.5, 1.5],
      [1, 1, 3],
    ]);
  });

  test("the coached clip is no element beside itself", () => {
    const plan = planTimeline(
      composition({
        coaching: coachingOf({ remarks: [] }),
        elements: [elementOf({ id: 1 }), elementOf({ id: 2, layer: 1, ...image })],
      }),
      { ...measured, clip: 4 },
    );

    expect(plan.elements.map(({ element, to }) => [element.id, to])).toEqual([[2, 4]]);
  });

  test.each([
    ["begins after the end", { ...image, start_seconds: 5 }, { duration_seconds: 4 }],
    ["leaves out all of its source", { trim_start_seconds: 3 }, {}],
  ])("one that %s is refused", (_, said, options) => {
    const faulty = composition({ elements: [elementOf({ id: 7, ...said })], options });

    expect(() => planTimeline(faulty, { ...measured, elements: new Map([[7, 3]]) })).toThrow(
      /^element_out_of_range: element 7/,
    );
  });

  test("a video of more than two hours is refused", () => {
    const faulty = composition({ elements: [elementOf({ start_seconds: 7000 })] });

    expect(() => planTimeline(faulty, { ...measured, elements: new Map([[1, 300]]) })).toThrow(
      /^render_too_long/,
    );
  });
});
