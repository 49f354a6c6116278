import type { RecordingState, StageState } from "@sideline/client";
import { expect, test } from "vitest";
import type { Screen } from "./screen/screen.ts";
import { costOf, formatWait, showChange, showWait } from "./show.ts";

function paper() {
  const lines: string[] = [];
  const live: string[] = [];
  const screen: Screen = {
    width: 100,
    paint: (_format, text) => text,
    line: (text = "") => void lines.push(text),
    live: (text) => void live.push(text),
  };
  return { screen, lines, live };
}

const since = "2026-11-01T10:00:00.000Z";
const waiting = (errorCode: string, lastError: string): StageState => ({
  status: "waiting",
  attempts: 0,
  errorCode,
  lastError,
  updatedAt: since,
});
const state = (stage: StageState): RecordingState => ({
  phase: "ready",
  connection: "live",
  readError: null,
  committedAt: null,
  recordingId: 1,
  recording: null,
  job: {
    ...stage,
    id: 7,
    title: null,
    summary: null,
    confidence: null,
    model: null,
    note: null,
    brief: null,
    sessionId: null,
    sessionRevision: null,
    metrics: [],
  },
  feedback: [],
});
const away = waiting("provider_unavailable", "The service cannot be reached.");

test("what is put off is shown as waiting, since when and why", () => {
  const { screen, lines } = paper();
  const change = { subject: "analysis", id: 7, from: "processing", to: "waiting" } as const;

  showChange(screen, { change, state: state(away) }, 2_000);
  showChange(screen, { change, state: state(waiting("quota_exceeded", "Used up.")) }, 2_000);

  expect(lines[0]).toMatch(
    /^ +2\.0 s {2}analysis +waiting +since \d\d:\d\d:\d\d: The service cannot be reached\.$/,
  );
  expect(lines[1]).toContain(", until 00:00 UTC: Used up.");
});

test("the wait is told as it grows, and only while there is one", () => {
  const { screen, live } = paper();

  showWait(screen, state(away), Date.parse(since) + 200_000);
  showWait(screen, state({ ...away, status: "processing" }), Date.parse(since));

  expect(live).toEqual(["Waiting for 3 min. The service cannot be reached."]);
});

test.each([
  [0, "0 s"],
  [59, "59 s"],
  [3_599, "59 min"],
  [7_500, "2 h 5 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatWait(seconds)).toBe(text);
});

test.each([
  [
    { amount: 0, currency: "USD", calls: 9, unpricedCalls: 0 },
    "0 USD for 9 calls of the providers",
  ],
  [
    { amount: 0.012345, currency: "EUR", calls: 1, unpricedCalls: 0 },
    "0.0123 EUR for 1 call of the providers",
  ],
  [
    { amount: 0, currency: null, calls: 2, unpricedCalls: 2 },
    "0 for 2 calls of the providers, 2 of them without a known price",
  ],
])("a cost is told with what is not known of it (%#)", (cost, words) => {
  expect(costOf(cost)).toBe(`Cost: ${words}`);
});
