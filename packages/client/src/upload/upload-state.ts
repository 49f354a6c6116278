import type { ProblemCode } from "../problems/problem-code.ts";
import type { AnalysisWishes } from "./analysis-wishes.ts";

export interface UploadState {
  status: "preparing" | "uploading" | "paused" | "completed" | "failed" | "cancelled";
  /** Known as soon as its row is there: the page can navigate before the last byte is sent. */
  recordingId: number | null;
  sentBytes: number;
  totalBytes: number;
  /** Whether it goes on where an earlier upload of the same file ended. */
  isResumed: boolean;
  problem: UploadProblem | null;
}

export interface UploadProblem {
  code: ProblemCode;
  /** In the machine's words; `friendlyProblem(code)` has others. */
  message: string;
  /** Whether `retry()` may help: the file itself was not refused. */
  isRetryable: boolean;
}

export interface UploadOptions extends AnalysisWishes {
  /** Shown to the user; by default the file's own name. */
  name?: string;
}
