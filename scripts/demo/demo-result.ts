import type { Brief, HoleValue, SessionDraft } from "@sideline/contracts";

/** What `--json` prints after a clip was analysed. */
export interface DemoResult {
  recordingId: number;
  jobId: number;
  status: string;
  /** Who analysed, as the provider names itself. */
  model: string | null;
  durationSeconds: number | null;
  feedback: FeedbackResult[];
  /** With `--brief`. */
  session?: DemoSession;
  cost: DemoCost;
  /** With `--render`. */
  video?: VideoFile;
  timingsMs: DemoTimings;
}

/** What the providers were paid for the recording, by the ledger's price list. */
export interface DemoCost {
  amount: number;
  /** Null where no price is known. */
  currency: string | null;
  /** Paid calls, and those of them whose price nobody has set. */
  calls: number;
  unpricedCalls: number;
}

export interface FeedbackResult {
  id: number;
  startSeconds: number;
  endSeconds: number;
  category: string;
  message: string;
  /** Rule of the brief that it comes from, if any. */
  ruleId: string | null;
  ssmlStatus: string;
  audioStatus: string;
  audio: AudioFile[];
}

export interface AudioFile {
  /** Path relative to the project, or absolute where it lies outside. */
  file: string;
  format: string;
  durationMs: number | null;
}

/** Where it was worked out what to look for. */
export interface DemoSession {
  id: number;
  /** The one that the analysis followed. */
  revision: number | null;
  brief: Brief;
  draft: Pick<
    SessionDraft,
    | "id"
    | "model"
    | "promptVersion"
    | "inputTokens"
    | "outputTokens"
    | "costMicros"
    | "milliseconds"
    | "validation"
    | "isRepaired"
  >;
  /** How its questions were answered; those without an answer are left open. */
  answers: { holeId: string; question: string; value: HoleValue | null; method: string }[];
  /** What the analysis says in all, also of what it could not look for. */
  summary: string | null;
}

/** The coached video. */
export interface VideoFile {
  /** Path relative to the project, or absolute where it lies outside. */
  file: string;
  bytes: number;
  durationSeconds: number;
  /** From asking for it until it was downloaded. */
  milliseconds: number;
}

/** Milliseconds, measured by the clock on the wall. */
export interface DemoTimings {
  /** Until the stack answered. */
  boot: number;
  /** From the first byte until the recording's upload was complete. */
  upload: number;
  /** From the complete upload until the analysis was complete. */
  analysis: number;
  /** From the complete upload until the first feedback could be heard; null without any. */
  firstAudio: number | null;
  total: number;
}

/** What `--json` prints where the clip could not be analysed. */
export interface DemoFailureResult {
  /** Null where the clip never got as far as a recording. */
  recordingId: number | null;
  jobId: number | null;
  status: "failed";
  errorCode: string;
  error: string;
  feedback: [];
}

/** Ends the demo with exit code 1; its message is one sentence for the person at the screen. */
export class DemoFailure extends Error {
  readonly errorCode: string;
  readonly recordingId: number | null;
  readonly jobId: number | null;

  constructor(
    errorCode: string,
    message: string,
    row: { recordingId?: number | null; jobId?: number | null } = {},
  ) {
    super(message);
    this.errorCode = errorCode;
    this.recordingId = row.recordingId ?? null;
    this.jobId = row.jobId ?? null;
  }

  toResult(): DemoFailureResult {
    const { recordingId, jobId, errorCode, message } = this;
    return { recordingId, jobId, status: "failed", errorCode, error: message, feedback: [] };
  }
}
