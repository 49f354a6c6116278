/** How what was read becomes the next state. What did not change keeps its identity. */
import { inOrder } from "./read-recording.ts";
import type { Feedback, RecordingSnapshot, RecordingState } from "./recording-state.ts";

type Merge = (state: RecordingState) => RecordingState;

export function mergeAll(snapshot: RecordingSnapshot | null): Merge {
  return (state) => {
    const { recording, job, feedback } = snapshot ?? nothing;
    return {
      ...state,
      phase: snapshot ? "ready" : "missing",
      recording: keep(state.recording, recording),
      job: keep(state.job, job),
      feedback: keepList(state.feedback, feedback),
      readError: null,
    };
  };
}

const nothing = { recording: null, job: null, feedback: [] };

export function mergeFeedback(found: Feedback[]): Merge {
  return (state) => {
    const own = found.filter(({ jobId }) => jobId === state.job?.id);
    const others = state.feedback.filter(({ id }) => !own.some((item) => item.id === id));
    const feedback = keepList(state.feedback, inOrder([...others, ...own]));
    return { ...state, feedback, readError: null };
  };
}

function keepList(before: Feedback[], after: Feedback[]): Feedback[] {
  const known = new Map(before.map((item) => [item.id, item]));
  const kept = after.map((item) => keep(known.get(item.id), item));
  const isSame = kept.length === before.length && kept.every((item, at) => item === before[at]);
  return isSame ? before : kept;
}

/** All of it is JSON, and made by the same code, so its keys come in the same order. */
export function keep<Value>(before: Value | undefined, after: Value): Value {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}
