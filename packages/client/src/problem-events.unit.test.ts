import { expect, test } from "vitest";
import { createStore } from "zustand/vanilla";
import { observeProblems, type ProblemEvent } from "./problem-events.ts";
import { initialState, type RecordingState } from "./recording-state.ts";
import { feedback, job, stage, state } from "./test-recording.ts";

function observe() {
  const told: ProblemEvent[] = [];
  return { told, observer: observeProblems((problem) => told.push(problem)) };
}

const failed = feedback({ audio: stage("failed", "audio_silent") });

test("an item that fails is told once, however often it is read and watched", () => {
  const { told, observer } = observe();
  const store = createStore<RecordingState>(() => state({ job: job(), feedback: [feedback()] }));
  observer.watchRecording(store);
  const end = observer.watchRecording(store);

  store.setState({ feedback: [failed] });
  store.setState({ feedback: [{ ...failed }] });
  end();
  observer.watchRecording(store);

  expect(told).toEqual([
    {
      stage: "audio",
      recordingId: 1,
      feedbackId: 7,
      code: "audio_silent",
      message: "audio_silent",
      attempts: 1,
      isNew: true,
    },
  ]);
});

test("what fails again after a retry is told again", () => {
  const { told, observer } = observe();
  const store = createStore<RecordingState>(() => state({ job: job(), feedback: [failed] }));
  observer.watchRecording(store);

  store.setState({ feedback: [feedback({ audio: stage("queued") })] });
  const later = { ...failed.audio, updatedAt: "2030-01-01T13:00:00+00:00" };
  store.setState({ feedback: [{ ...failed, audio: later }] });

  expect(told).toHaveLength(2);
});

test("what had failed before the app looked is not new", () => {
  const { told, observer } = observe();
  const store = createStore(() => initialState(1));
  observer.watchRecording(store);

  store.setState(state({ job: job({ status: "failed", errorCode: "video_unreadable" }) }));

  expect(told).toMatchObject([{ stage: "analysis", code: "video_unreadable", isNew: false }]);
});
