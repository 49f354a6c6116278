import { type RetryRequest, stageStatusSchema } from "@sideline/contracts";
import { createDatabaseClient, type DatabaseClient } from "@sideline/database";
import { z } from "zod";
import { DatabaseError } from "../_shared/errors.ts";
import type { Caller } from "../_shared/http/caller.ts";
import { callPipeline } from "../_shared/pipeline-call.ts";
import type { Analyses } from "./analyses.ts";
import { statusColumns, statusOf } from "./job-status.ts";

export interface UserClientOptions {
  url: string;
  publishableKey: string;
  fetch: typeof fetch;
}

/**
 * The handlers' view of the database. A user's calls run with the user's own token, so that the
 * policies decide what exists for them; only the note that an upload is complete is the service's.
 */
export function databaseAnalyses(service: DatabaseClient, options: UserClientOptions): Analyses {
  const as = (caller: Caller): DatabaseClient =>
    caller.kind === "service"
      ? service
      : createDatabaseClient(options.url, {
          key: options.publishableKey,
          accessToken: caller.token,
          fetch: options.fetch,
        });

  return {
    async findRecording(caller, which) {
      const query = as(caller).from("video_recordings").select("id, storage_path, upload_status");
      const { data, error } = await ("videoRecordingId" in which
        ? query.eq("id", which.videoRecordingId)
        : query.eq("storage_path", which.videoPath)
      ).maybeSingle();
      if (error) throw new DatabaseError("video_recordings", error.code);
      if (!data) return null;
      return {
        id: data.id,
        storagePath: data.storage_path,
        uploaded: data.upload_status === "completed",
      };
    },

    async findJob(recordingId) {
      const { data, error } = await service
        .from("analysis_jobs")
        .select("id, status")
        .eq("video_recording_id", recordingId)
        .maybeSingle();
      if (error) throw new DatabaseError("analysis_jobs", error.code);
      return data && { id: data.id, status: stageStatusSchema.parse(data.status) };
    },

    async markUploaded(recordingId) {
      const { error } = await service
        .from("video_recordings")
        .update({ upload_status: "completed", error_code: null, last_error: null })
        .eq("id", recordingId)
        .neq("upload_status", "completed");
      if (error) throw new DatabaseError("video_recordings", error.code);
    },

    async analyseReplaced(recordingId) {
      const args = { recording_ids: [recordingId] };
      return z.number().parse(await callPipeline(service, "analyse_replaced", args)) > 0;
    },

    async status(caller, analysisJobId) {
      const { data, error } = await as(caller)
        .from("analysis_jobs")
        .select(statusColumns)
        .eq("id", analysisJobId)
        .order("start_seconds", { referencedTable: "analysis_feedback" })
        .maybeSingle();
      if (error) throw new DatabaseError("analysis_jobs", error.code);
      return data && statusOf(data);
    },

    async retry(caller, which) {
      const { error } = await requeue(as(caller), caller, which);
      if (!error) return "queued";
      if (error.code === "PT404") return "not_found";
      if (error.code === "SL001") return "not_failed";
      if (error.code === "PT429") return "too_many_retries";
      throw new DatabaseError("retry", error.code);
    },
  };
}

/** The owner's way is checked in SQL; the service's goes past the owner. */
function requeue(client: DatabaseClient, caller: Caller, which: RetryRequest) {
  if ("analysisJobId" in which) {
    const args = { analysis_job_id: which.analysisJobId };
    return caller.kind === "user"
      ? client.rpc("retry_analysis", args)
      : client.schema("pipeline").rpc("requeue_analysis", args);
  }
  const args = { feedback_id: which.feedbackId, stage: which.stage };
  return caller.kind === "user"
    ? client.rpc("retry_feedback", args)
    : client.schema("pipeline").rpc("requeue_feedback", args);
}
