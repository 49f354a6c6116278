import { expect, test } from "vitest";
import { changesBetween, follow } from "./follow.ts";
import {
  type FeedbackState,
  feedbackStateOf,
  isSettled,
  isWaiting,
  type RecordingState,
} from "./recording-state.ts";

const item: FeedbackState = {
  id: 7,
  startSeconds: 4,
  endSeconds: 7,
  category: "activity",
  severity: "low",
  message: "A burst of movement.",
  ssmlStatus: "queued",
  audioStatus: "queued",
  errorCode: null,
  lastError: null,
};

function state(jobStatus: string | null, feedback: FeedbackState[] = []): RecordingState {
  const job = jobStatus
    ? { id: 3, status: jobStatus, model: null, errorCode: null, lastError: null }
    : null;
  return { recordingId: 1, uploadStatus: "completed", durationSeconds: null, job, feedback };
}

test("a change is told once, and names what was before", () => {
  expect(changesBetween(state("queued"), state("processing"))).toEqual([
    { subject: "analysis", id: 3, from: "queued", to: "processing" },
  ]);
  expect(changesBetween(state("processing"), state("processing"))).toEqual([]);
});

test("audio that waits for its SSML is not told", () => {
  const changes = changesBetween(state("completed"), state("completed", [item]));

  expect(changes).toEqual([{ subject: "ssml", id: 7, from: null, to: "queued" }]);
});

test("what is queued after an error is told as waiting", () => {
  const row = {
    id: 7,
    start_seconds: 4,
    end_seconds: 7,
    category: "activity",
    severity: "low",
    message: "A burst of movement.",
    ssml_status: "queued",
    audio_status: "queued",
    ssml_error_code: "provider_rate_limited",
    audio_error_code: null,
    ssml_last_error: "Too many requests.",
    audio_last_error: null,
  };
  const refused = state("completed", [feedbackStateOf(row)]);

  expect(changesBetween(state("completed", [item]), refused)).toEqual([
    { subject: "ssml", id: 7, from: "queued", to: "waiting" },
  ]);
  expect(refused.feedback[0]?.lastError).toBe("Too many requests.");
  expect([refused, state("completed", [item])].map(isWaiting)).toEqual([true, false]);
});

test("statuses that changed together are told in the pipeline's order", () => {
  const done = { ...item, ssmlStatus: "completed", audioStatus: "completed" };

  const subjects = changesBetween(null, state("completed", [done])).map(({ subject }) => subject);

  expect(subjects).toEqual(["upload", "analysis", "ssml", "audio"]);
});

test("following yields every change with the state after it", async () => {
  async function* states() {
    yield state("queued");
    yield state("completed");
  }

  const told: string[] = [];
  for await (const { change, state: after } of follow(states())) {
    told.push(`${change.subject} ${change.to}, job ${after.job?.status}`);
  }

  expect(told).toEqual([
    "upload completed, job queued",
    "analysis queued, job queued",
    "analysis completed, job completed",
  ]);
});

test.each([
  ["no job yet", state(null), false],
  ["a failed job", state("failed"), true],
  ["an analysis without feedback", state("completed"), true],
  ["feedback that waits", state("completed", [item]), false],
  ["feedback whose SSML failed", state("completed", [{ ...item, ssmlStatus: "failed" }]), true],
  ["feedback with audio", state("completed", [{ ...item, audioStatus: "completed" }]), true],
])("%s settles the recording: %#", (_name, recording, settled) => {
  expect(isSettled(recording)).toBe(settled);
});
