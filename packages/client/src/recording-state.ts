/** What an app sees of one recording: plain data, replaced and never changed in place. */
import type { Brief } from "@sideline/contracts";
import type { WatchedState } from "./watch.ts";

/** As in the row, but `waiting` where it is queued after an error. */
export type StageStatus = "queued" | "waiting" | "processing" | "completed" | "failed";

export type UploadStatus = "pending" | "uploading" | "completed" | "failed";

/** How far a stage is with one item, and its last error. */
export interface StageState {
  status: StageStatus;
  attempts: number;
  /** Stable code; `friendlyProblem` has a sentence for it. Kept while the item waits. */
  errorCode: string | null;
  /** The machine's own sentence, in English. */
  lastError: string | null;
  /** When the status last changed, ISO 8601. */
  updatedAt: string;
}

export interface Recording {
  id: number;
  userId: string;
  filename: string;
  /** Object name in bucket `raw`. */
  storagePath: string;
  mimeType: string | null;
  /** Bytes. */
  fileSize: number | null;
  /** As measured by the analysis; before that the uploader's word, if any. */
  durationSeconds: number | null;
  /** BCP 47 tag. */
  language: string;
  /** Session whose brief its analysis follows, if any. */
  sessionId: number | null;
  uploadStatus: UploadStatus;
  errorCode: string | null;
  lastError: string | null;
  createdAt: string;
}

export interface Job extends StageState {
  id: number;
  title: string | null;
  summary: string | null;
  /** The model's own trust in it, 0 to 1. */
  confidence: number | null;
  model: string | null;
  /** What was left out of the model's answer because it broke the rules, as a sentence. */
  note: string | null;
  /** What it was told to look for, and where that was worked out; the session may be gone. */
  brief: Brief | null;
  sessionId: number | null;
  sessionRevision: number | null;
  /** What was measured; sorted by key. */
  metrics: Metric[];
}

export interface Metric {
  key: string;
  value: number;
  unit: string | null;
}

/** One timed remark. */
export interface Feedback {
  id: number;
  jobId: number;
  startSeconds: number;
  endSeconds: number;
  category: string;
  severity: string;
  confidence: number;
  message: string;
  drill: string | null;
  /** Rule of the brief that it comes from, if any. */
  ruleId: string | null;
  ssml: StageState;
  audio: StageState;
  /** In the order in which they are spoken. */
  ssmlSegments: SsmlSegment[];
  audioSegments: AudioSegment[];
}

export interface SsmlSegment {
  index: number;
  ssml: string;
  provider: string;
}

export interface AudioSegment {
  index: number;
  /** Object name in bucket `processed`; `audioUrls` makes an address of it. */
  path: string;
  format: string;
  durationMs: number;
  provider: string;
}

/** One snapshot of the database. */
export interface RecordingSnapshot {
  recording: Recording;
  job: Job | null;
  /** In the order of the clip. */
  feedback: Feedback[];
}

export interface RecordingState extends WatchedState {
  recordingId: number;
  /** `missing`: deleted, another's, or never there. */
  phase: "loading" | "ready" | "missing";
  recording: Recording | null;
  job: Job | null;
  feedback: Feedback[];
}

export function initialState(recordingId: number): RecordingState {
  return {
    recordingId,
    phase: "loading",
    connection: "connecting",
    readError: null,
    recording: null,
    job: null,
    feedback: [],
    committedAt: null,
  };
}
