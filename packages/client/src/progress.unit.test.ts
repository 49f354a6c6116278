import { describe, expect, test } from "vitest";
import { changesBetween } from "./changes-between.ts";
import { feedbackProblem, feedbackStatus, isSettled, isWaiting, waitOf } from "./progress.ts";
import type { RecordingState } from "./recording-state.ts";
import { feedback, job, stage, state } from "./test-recording.ts";

const queued = feedback({ ssml: stage("queued"), audio: stage("queued") });

describe("changes", () => {
  test("are told once, and name what was before", () => {
    const before = state({ job: job({ status: "queued" }) });
    const after = state({ job: job({ status: "processing" }) });

    expect(changesBetween(before, after)).toEqual([
      { subject: "analysis", id: 3, from: "queued", to: "processing" },
    ]);
    expect(changesBetween(after, after)).toEqual([]);
  });

  test("of audio that waits for its SSML are not told", () => {
    const before = state({ job: job() });
    const after = state({ job: job(), feedback: [queued] });

    expect(changesBetween(before, after)).toEqual([
      { subject: "ssml", id: 7, from: null, to: "queued" },
    ]);
  });

  test("that came together are told in the pipeline's order", () => {
    const changes = changesBetween(null, state({ job: job(), feedback: [feedback()] }));

    expect(changes.map(({ subject }) => subject)).toEqual(["upload", "analysis", "ssml", "audio"]);
  });
});

test.each<[string, Partial<RecordingState>, boolean]>([
  ["without a job it is", { job: null }, false],
  ["with a failed job it is", { job: job({ status: "failed" }) }, true],
  ["with an analysis without feedback it is", { job: job() }, true],
  ["with feedback that is queued it is", { job: job(), feedback: [queued] }, false],
  [
    "with feedback whose SSML failed it is",
    {
      job: job(),
      feedback: [feedback({ ssml: stage("failed", "ssml_invalid"), audio: stage("queued") })],
    },
    true,
  ],
  [
    "with feedback whose audio waits it is",
    { job: job(), feedback: [feedback({ audio: stage("waiting", "provider_unavailable") })] },
    false,
  ],
  ["with feedback that can be heard it is", { job: job(), feedback: [feedback()] }, true],
  ["deleted it is", { phase: "missing", recording: null }, true],
])("%s settled: %#", (_name, own, settled) => {
  expect(isSettled(state(own))).toBe(settled);
});

test("a recording waits where its job or any of its feedback does", () => {
  const waiting = feedback({ ssml: stage("waiting", "quota_exceeded"), audio: stage("queued") });

  expect(isWaiting(state({ job: job({ status: "waiting" }) }))).toBe(true);
  expect(isWaiting(state({ job: job(), feedback: [waiting] }))).toBe(true);
  expect(isWaiting(state({ job: job(), feedback: [queued, feedback()] }))).toBe(false);
});

test("the status of a remark is that of the stage which it is in", () => {
  expect(feedbackStatus(queued)).toBe("queued");
  expect(feedbackStatus(feedback({ audio: stage("processing") }))).toBe("processing");
  expect(feedbackStatus(feedback({ ssml: stage("failed", "ssml_invalid") }))).toBe("failed");
  expect(feedbackStatus(feedback())).toBe("completed");
});

test("the problem of a remark names the stage that has it", () => {
  const sentBack = feedback({
    ssml: stage("waiting", "ssml_refused"),
    audio: stage("waiting", "ssml_refused"),
  });

  expect(feedbackProblem(sentBack)).toMatchObject({ stage: "ssml", errorCode: "ssml_refused" });
  expect(feedbackProblem(feedback({ audio: stage("failed", "audio_silent") }))).toMatchObject({
    stage: "audio",
    errorCode: "audio_silent",
  });
  expect(feedbackProblem(feedback())).toBeNull();
});

test("what waits says since when, and for a quota until when", () => {
  const since = new Date("2030-01-01T12:00:00Z");

  expect(waitOf(stage("waiting", "provider_unavailable"))).toEqual({ since, until: null });
  expect(waitOf(stage("waiting", "quota_exceeded"))).toEqual({
    since,
    until: new Date("2030-01-02T00:00:00Z"),
  });
  expect(waitOf(stage("queued"))).toBeNull();
});
