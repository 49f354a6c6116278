import { describe, expect, test } from "vitest";
import { formatBytes, progressBar } from "./progress-bar.ts";
import { drawTable } from "./table.ts";
import { textWidth, wrap } from "./text-width.ts";
import { drawTimeline } from "./timeline.ts";

describe("timeline", () => {
  const item = (startSeconds: number, endSeconds: number, label: string) => ({
    startSeconds,
    endSeconds,
    label,
  });

  test("draws an axis and a bar where each feedback is", () => {
    const lines = drawTimeline(41, 20, [item(4, 7, "1"), item(12, 15, "2")]);

    expect(lines.map(({ text }) => text)).toEqual([
      "0s        5s        10s       15s     20s",
      "├─────────┬─────────┬─────────┬─────────┤",
      "        ███1███         ███2███",
    ]);
  });

  test("gives feedback that overlaps lanes of their own", () => {
    const lines = drawTimeline(41, 20, [item(4, 10, "1"), item(6, 8, "2"), item(15, 16, "3")]);

    expect(lines.slice(2).map(({ bars }) => bars?.map(({ item: index }) => index))).toEqual([
      [0, 2],
      [1],
    ]);
  });

  test.each([0, 0.4, 7, 61, 5_400])("stays within its width for %d s", (duration) => {
    const lines = drawTimeline(60, duration, [item(0, duration, "1")]);

    expect(Math.max(...lines.map(({ text }) => text.length))).toBeLessThanOrEqual(60);
  });
});

describe("table", () => {
  test("wraps the flexible column and keeps to the width", () => {
    const lines = drawTable(
      40,
      ["", "feedback", "audio"],
      [["1", "a sentence that is longer than its column", "2.1 s"]],
      1,
    );

    expect(lines).toEqual([
      "   feedback                        audio",
      "─  ──────────────────────────────  ─────",
      "1  a sentence that is longer than  2.1 s",
      "   its column",
    ]);
  });
});

describe("text", () => {
  test("wide letters take two columns, colours none", () => {
    expect(textWidth("\x1b[31mab\x1b[0m漢")).toBe(4);
  });

  test("a word longer than the column is broken", () => {
    expect(wrap(4, "ab abcdefghi")).toEqual(["ab", "abcd", "efgh", "i"]);
  });
});

describe("progress", () => {
  test.each([
    [0, "░░░░"],
    [0.5, "██░░"],
    [0.55, "██▏░"],
    [1, "████"],
    [1.5, "████"],
  ])("%d of the bar is %s", (share, bar) => {
    expect(progressBar(4, share)).toBe(bar);
  });

  test("sizes are rounded to what a person reads", () => {
    expect([999, 230_647, 1_234_567].map(formatBytes)).toEqual(["999 B", "231 KB", "1.2 MB"]);
  });
});
