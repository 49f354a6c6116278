/** What the statuses of a recording mean together. */
import type { Feedback, RecordingState, StageState, StageStatus } from "./recording-state.ts";

type Parts = Pick<RecordingState, "phase" | "job" | "feedback">;

/** Nothing of this recording will change any more by itself. */
export function isSettled({ phase, job, feedback }: Parts): boolean {
  if (phase === "missing" || job?.status === "failed") return true;
  return job?.status === "completed" && feedback.every(isFeedbackSettled);
}

/** Something waits for what no patience of the watcher's can shorten. */
export function isWaiting({ job, feedback }: Parts): boolean {
  return job?.status === "waiting" || feedback.some((item) => feedbackStatus(item) === "waiting");
}

function isFeedbackSettled(feedback: Feedback): boolean {
  const status = feedbackStatus(feedback);
  return status === "completed" || status === "failed";
}

/** Whether there is something to hear: its owner may have deleted what was spoken. */
export function isAudible({ audio, audioSegments }: Feedback): boolean {
  return audio.status === "completed" && audioSegments.length > 0;
}

/** Both stages as one: `completed` can be heard, unless its owner has deleted the sound. */
export function feedbackStatus({ ssml, audio }: Pick<Feedback, "ssml" | "audio">): StageStatus {
  return ssml.status === "completed" ? audio.status : ssml.status;
}

/** The stage that failed or waits, with why; null where all goes well. */
export function feedbackProblem(
  feedback: Pick<Feedback, "ssml" | "audio">,
): { stage: "ssml" | "audio"; state: StageState; errorCode: string } | null {
  const stage = feedback.ssml.status === "completed" ? "audio" : "ssml";
  const state = feedback[stage];
  if (state.errorCode === null) return null;
  return { stage, state, errorCode: state.errorCode };
}

/**
 * Since when an item waits, and until when at the most, where that is known: the quota of a day
 * begins anew at midnight UTC. Null where it does not wait.
 */
export function waitOf(
  state: Pick<StageState, "status" | "errorCode" | "updatedAt">,
): { since: Date; until: Date | null } | null {
  if (state.status !== "waiting") return null;
  const since = new Date(state.updatedAt);
  if (state.errorCode !== "quota_exceeded") return { since, until: null };
  const until = new Date(since);
  until.setUTCHours(24, 0, 0, 0);
  return { since, until };
}
