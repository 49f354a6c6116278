import { describe, expect, it } from "vitest";
import { type Edit, showings } from "./edit-list.ts";

const edit = (start: number, length: number, mediaStart: number | null, rate = 1): Edit => ({
  start,
  length,
  mediaStart,
  rate,
});
/** When a frame of a second is shown that begins at `time`. */
const shownAt = (edits: Edit[], time: number) => showings(edits, time, time + 1);

describe("edits", () => {
  it("show a frame where the player comes to it, or not at all", () => {
    const cut = [edit(0, 3, 2), edit(3, 4, 8)];

    expect(shownAt(cut, 0)).toEqual([]);
    expect(shownAt(cut, 2)).toEqual([{ start: 0, end: 1 }]);
    expect(shownAt(cut, 5)).toEqual([]);
    expect(shownAt(cut, 8)).toEqual([{ start: 3, end: 4 }]);
  });

  it("show a frame as often as they use it, and the part they use", () => {
    const twice = [edit(0, 2, 4), edit(2, 1.5, 4)];

    expect(shownAt(twice, 4)).toEqual([
      { start: 0, end: 1 },
      { start: 2, end: 3 },
    ]);
    expect(shownAt(twice, 5)).toEqual([
      { start: 1, end: 2 },
      { start: 3, end: 3.5 },
    ]);
  });

  it("slow a frame down, quicken it, hold it", () => {
    expect(shownAt([edit(0, 8, 0, 0.25)], 1)).toEqual([{ start: 4, end: 8 }]);
    expect(shownAt([edit(0, 4, 0, 2)], 3)).toEqual([{ start: 1.5, end: 2 }]);
    expect(shownAt([edit(1, 5, 2.5, 0)], 2)).toEqual([{ start: 1, end: 6 }]);
    expect(shownAt([edit(1, 5, 2.5, 0)], 3)).toEqual([]);
  });

  it("show nothing in a gap, and all of a track that they leave open", () => {
    expect(shownAt([edit(0, 2, null), edit(2, Number.POSITIVE_INFINITY, 0)], 7)).toEqual([
      { start: 9, end: 10 },
    ]);
  });
});
