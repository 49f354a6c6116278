import {
  type FunctionName,
  type RetryResponse,
  retryRequestSchema,
  type StartRequest,
  type StartResponse,
  type StatusResponse,
  stageFunction,
} from "@sideline/contracts";
import type { Caller } from "../_shared/http/caller.ts";
import { HttpError } from "../_shared/http/responses.ts";
import type { Storage } from "../_shared/storage.ts";
import type { Wake } from "../_shared/wake.ts";
import type { Analyses } from "./analyses.ts";

export interface HandlerDeps {
  analyses: Analyses;
  storage: Pick<Storage, "exists">;
  wake: Wake;
}

export interface Started {
  response: StartResponse;
  /** Whether this call queued it; false when the analysis of this video was there already. */
  created: boolean;
}

/**
 * Starts the analysis of a recording whose bytes have arrived, once: further calls find the same
 * job, unless the video was replaced since. A job that failed stays failed until it is retried.
 */
export async function start(
  { analyses, storage, wake }: HandlerDeps,
  caller: Caller,
  request: StartRequest,
): Promise<Started> {
  const recording = await analyses.findRecording(caller, request);
  if (!recording) throw new HttpError("not_found", "There is no such recording of yours.");
  let created = true;
  if (recording.uploaded) {
    created = await analyses.analyseReplaced(recording.id);
  } else {
    if (!(await storage.exists("raw", recording.storagePath))) {
      throw new HttpError("upload_incomplete", "The video has not arrived yet.");
    }
    await analyses.markUploaded(recording.id);
  }
  const job = await analyses.findJob(recording.id);
  if (!job) throw new Error("An uploaded recording has no analysis job.");
  if (job.status === "queued") wake(stageFunction.analysis);
  return {
    response: { analysisJobId: job.id, videoRecordingId: recording.id, status: job.status },
    created,
  };
}

/** How far an analysis and the speech of its feedback are. */
export async function status(
  { analyses }: Pick<HandlerDeps, "analyses">,
  caller: Caller,
  idText: string,
): Promise<StatusResponse> {
  const id = /^[1-9]\d{0,15}$/.test(idText) ? Number(idText) : null;
  const found = id === null ? null : await analyses.status(caller, id);
  if (!found) throw new HttpError("not_found", "There is no such analysis of yours.");
  return found;
}

/** Queues what failed once more. */
export async function retry(
  { analyses, wake }: Pick<HandlerDeps, "analyses" | "wake">,
  caller: Caller,
  body: unknown,
): Promise<RetryResponse> {
  const request = retryRequestSchema.safeParse(body);
  if (!request.success) {
    throw new HttpError(
      "invalid_request",
      'Send {"analysisJobId": 1} or {"feedbackId": 1, "stage": "ssml" or "audio"}.',
    );
  }
  const outcome = await analyses.retry(caller, request.data);
  if (outcome === "not_found") throw new HttpError("not_found", "There is nothing such of yours.");
  if (outcome === "not_failed")
    throw new HttpError("not_failed", "Only what failed can be retried.");
  if (outcome === "too_many_retries")
    throw new HttpError("too_many_retries", "This was retried as often as it may be.");
  const woken: FunctionName =
    stageFunction["stage" in request.data ? request.data.stage : "analysis"];
  wake(woken);
  return { status: "queued" };
}
