/** A recording as an app sees it, for tests: everything went well, unless they say otherwise. */
import type {
  Feedback,
  Job,
  Recording,
  RecordingState,
  StageState,
  StageStatus,
} from "./recording-state.ts";

const updatedAt = "2030-01-01T12:00:00+00:00";

export function stage(status: StageStatus, errorCode: string | null = null): StageState {
  return { status, attempts: 1, errorCode, lastError: errorCode, updatedAt };
}

export const recording: Recording = {
  id: 1,
  userId: "owner",
  filename: "clip.mp4",
  storagePath: "owner/clip.mp4",
  mimeType: "video/mp4",
  fileSize: 1,
  durationSeconds: 20,
  language: "en-US",
  sessionId: null,
  uploadStatus: "completed",
  errorCode: null,
  lastError: null,
  createdAt: updatedAt,
};

export function job(own: Partial<Job> = {}): Job {
  return {
    ...stage("completed"),
    id: 3,
    title: null,
    summary: null,
    confidence: null,
    model: "offline-bitstream-1",
    note: null,
    brief: null,
    sessionId: null,
    sessionRevision: null,
    metrics: [],
    ...own,
  };
}

export function feedback(own: Partial<Feedback> = {}): Feedback {
  return {
    id: 7,
    jobId: 3,
    startSeconds: 4,
    endSeconds: 7,
    category: "activity",
    severity: "low",
    confidence: 0.5,
    message: "A burst of movement.",
    drill: null,
    ruleId: null,
    ssml: stage("completed"),
    audio: stage("completed"),
    ssmlSegments: [],
    audioSegments: [],
    ...own,
  };
}

export function state(own: Partial<RecordingState> = {}): RecordingState {
  return {
    recordingId: recording.id,
    phase: "ready",
    connection: "live",
    readError: null,
    recording,
    job: null,
    feedback: [],
    committedAt: null,
    ...own,
  };
}
