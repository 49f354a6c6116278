import type { RetryRequest, StageStatus, StartRequest, StatusResponse } from "@sideline/contracts";
import type { Caller } from "../_shared/http/caller.ts";

/** A recording as the start of its analysis needs it. */
export interface Recording {
  id: number;
  storagePath: string;
  uploaded: boolean;
}

export interface Job {
  id: number;
  status: StageStatus;
}

export type RetryOutcome = "queued" | "not_found" | "not_failed" | "too_many_retries";

/**
 * What the handlers ask of the database. Everything is seen through the caller's eyes: of another
 * user's rows they learn nothing, not even that they exist.
 */
export interface Analyses {
  findRecording(caller: Caller, which: StartRequest): Promise<Recording | null>;
  findJob(recordingId: number): Promise<Job | null>;
  /** Notes that the upload is complete, which queues the analysis. */
  markUploaded(recordingId: number): Promise<void>;
  /** Queues anew what was analysed of another version of the video; whether it was so. */
  analyseReplaced(recordingId: number): Promise<boolean>;
  status(caller: Caller, analysisJobId: number): Promise<StatusResponse | null>;
  retry(caller: Caller, which: RetryRequest): Promise<RetryOutcome>;
}
