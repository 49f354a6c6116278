import type { RecordingState } from "./recording-state.ts";

/** One status that became another. `from` is null for a row that was not there before. */
export interface StatusChange {
  subject: "upload" | "analysis" | "ssml" | "audio";
  /** Id of the recording, the analysis job or the feedback. */
  id: number;
  from: string | null;
  to: string;
}

/** A change, and the state of the whole recording right after it. */
export interface Progress {
  change: StatusChange;
  state: RecordingState;
}

/**
 * Turns a stream of states into the single changes between them. The stream's source does not
 * matter: `pollRecording` asks again and again; a Realtime subscription would be told.
 */
export async function* follow(states: AsyncIterable<RecordingState>): AsyncGenerator<Progress> {
  let before: RecordingState | null = null;
  for await (const state of states) {
    for (const change of changesBetween(before, state)) yield { change, state };
    before = state;
  }
}

/** In the order in which the pipeline makes them: upload, analysis, then each feedback. */
export function changesBetween(
  before: RecordingState | null,
  after: RecordingState,
): StatusChange[] {
  const changes: StatusChange[] = [];
  const note = (
    subject: StatusChange["subject"],
    id: number,
    from: string | undefined,
    to: string,
  ) => {
    if (from !== to) changes.push({ subject, id, from: from ?? null, to });
  };
  note("upload", after.recordingId, before?.uploadStatus, after.uploadStatus);
  if (after.job) note("analysis", after.job.id, before?.job?.status, after.job.status);
  for (const item of after.feedback) {
    const earlier = before?.feedback.find(({ id }) => id === item.id);
    note("ssml", item.id, earlier?.ssmlStatus, item.ssmlStatus);
    // Audio waits, as "queued", for SSML that is not there yet: nothing to tell.
    const waiting = item.ssmlStatus !== "completed" && item.audioStatus === "queued";
    if (!waiting) note("audio", item.id, earlier?.audioStatus, item.audioStatus);
  }
  return changes;
}
