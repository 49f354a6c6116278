/** Tells an app's analytics of what failed, each failure once. */
import type { StoreApi } from "zustand/vanilla";
import type { RecordingState, StageState } from "./recording-state.ts";
import type { UploadHandle } from "./upload/upload.ts";

export interface ProblemEvent {
  /** Where it failed. */
  stage: "upload" | "analysis" | "ssml" | "audio";
  recordingId: number | null;
  /** Of a stage `ssml` or `audio`. */
  feedbackId: number | null;
  code: string;
  message: string | null;
  attempts: number;
  /** False for what had failed before this app began to watch. */
  isNew: boolean;
}

export type OnProblem = (problem: ProblemEvent) => void;

export interface ProblemObserver {
  /** @returns ends it */
  watchRecording(store: StoreApi<RecordingState>): () => void;
  watchUpload(upload: UploadHandle): void;
}

export function observeProblems(onProblem: OnProblem): ProblemObserver {
  /** A failure is known by its item and moment: reads, mounts and reconnections repeat it. */
  const told = new Set<string>();
  function tell(key: string, problem: ProblemEvent): void {
    if (told.has(key)) return;
    told.add(key);
    // An analytics library that throws must not stop the work.
    try {
      onProblem(problem);
    } catch (error) {
      console.error(error);
    }
  }

  return {
    watchRecording(store) {
      const look = (state: RecordingState, isNew: boolean) => {
        for (const { key, ...problem } of failuresOf(state)) tell(key, { ...problem, isNew });
      };
      look(store.getState(), false);
      return store.subscribe((state, before) => look(state, before.phase === "ready"));
    },
    watchUpload({ store }) {
      store.subscribe(({ status, problem, recordingId }, before) => {
        if (status !== "failed" || !problem || before.problem === problem) return;
        const { code, message } = problem;
        const event = { stage: "upload" as const, recordingId, feedbackId: null, code, message };
        // Each attempt of a person's is a failure of its own.
        tell(`upload ${recordingId} ${Date.now()}`, { ...event, attempts: 1, isNew: true });
      });
    },
  };
}

function failuresOf({ recordingId, job, feedback }: RecordingState) {
  const failures: (Omit<ProblemEvent, "isNew"> & { key: string })[] = [];
  const note = (stage: "analysis" | "ssml" | "audio", id: number, state: StageState) => {
    if (state.status !== "failed") return;
    failures.push({
      key: `${stage} ${id} ${state.updatedAt}`,
      stage,
      recordingId,
      feedbackId: stage === "analysis" ? null : id,
      code: state.errorCode ?? "internal_error",
      message: state.lastError,
      attempts: state.attempts,
    });
  };
  if (job) note("analysis", job.id, job);
  for (const item of feedback) {
    note("ssml", item.id, item.ssml);
    note("audio", item.id, item.audio);
  }
  return failures;
}
