import type { RecordingState } from "./recording-state.ts";

/** One status that became another. `from` is null for a row that was not there before. */
export interface StatusChange {
  subject: "upload" | "analysis" | "ssml" | "audio";
  /** Id of the recording, the analysis job or the feedback. */
  id: number;
  from: string | null;
  to: string;
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
  if (after.recording) {
    const from = before?.recording?.uploadStatus;
    note("upload", after.recordingId, from, after.recording.uploadStatus);
  }
  if (after.job) note("analysis", after.job.id, before?.job?.status, after.job.status);
  for (const item of after.feedback) {
    const earlier = before?.feedback.find(({ id }) => id === item.id);
    note("ssml", item.id, earlier?.ssml.status, item.ssml.status);
    // Audio waits for SSML that is not there yet: nothing to tell.
    const isIdle = item.ssml.status !== "completed" && !isUnderWay(item.audio.status);
    if (!isIdle) note("audio", item.id, earlier?.audio.status, item.audio.status);
  }
  return changes;
}

function isUnderWay(status: string): boolean {
  return status !== "queued" && status !== "waiting";
}
