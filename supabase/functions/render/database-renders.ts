import { renderResponseSchema } from "@sideline/contracts";
import { createDatabaseClient, type DatabaseClient } from "@sideline/database";
import { z } from "zod";
import { DatabaseError } from "../_shared/errors.ts";
import type { Caller } from "../_shared/http/caller.ts";
import { HttpError } from "../_shared/http/responses.ts";
import { callPipeline } from "../_shared/pipeline-call.ts";
import type { Links, Renders } from "./renders.ts";

const columns = `id, video_recording_id, status, progress_percent, step, error_code, last_error,
  format, output_path, output_bytes, duration_seconds` as const;

/** Calls run with the user's own token: the database decides what is whose. */
export function databaseRenders(options: {
  url: string;
  publishableKey: string;
  fetch: typeof fetch;
}): Renders {
  const as = (caller: Caller): DatabaseClient => {
    if (caller.kind === "service") throw new HttpError("forbidden", "Renders belong to users.");
    const { publishableKey: key } = options;
    return createDatabaseClient(options.url, {
      key,
      accessToken: caller.token,
      fetch: options.fetch,
    });
  };

  return {
    async compose(caller, recordingId, given) {
      const args = { recording_id: recordingId, options: given };
      const { data, error } = await as(caller).rpc("compose_coached_render", args);
      if (error) throw refusal("compose_coached_render", error);
      return data;
    },

    async start(caller, renderJobId) {
      const { error } = await as(caller).rpc("start_render", { render_job_id: renderJobId });
      if (error) throw refusal("start_render", error);
    },

    async cancel(caller, renderJobId) {
      const args = { render_job_id: renderJobId };
      const { error } = await as(caller).rpc("cancel_render_job", args);
      // It ended in the meantime: what became of it is the answer.
      if (error && error.code !== "PT409") throw refusal("cancel_render_job", error);
    },

    async read(caller, renderJobId) {
      const query = as(caller).from("render_jobs").select(columns).eq("id", renderJobId);
      const { data, error } = await query.maybeSingle();
      if (error) throw new DatabaseError("render_jobs", error.code);
      if (!data) return null;
      return renderResponseSchema.parse({
        renderJobId: data.id,
        recordingId: data.video_recording_id,
        status: data.status,
        progressPercent: data.progress_percent,
        step: data.step,
        errorCode: data.error_code,
        error: data.last_error,
        output:
          data.status === "completed" && data.output_path
            ? {
                path: data.output_path,
                format: data.format,
                bytes: data.output_bytes,
                durationSeconds: data.duration_seconds,
              }
            : null,
      });
    },
  };
}

const openedSchema = z.array(z.object({ path: z.string(), format: z.string() })).max(1);

export function databaseLinks(service: DatabaseClient): Links {
  return {
    async open(token, visit) {
      const args = { token, ...visit };
      const rows = openedSchema.parse(await callPipeline(service, "open_render_link", args));
      return rows[0] ?? null;
    },
  };
}

/** What the database refuses has a sentence, and where it is a rule its code in `details`. */
function refusal(call: string, error: { code: string; message: string; details: string }): Error {
  switch (error.code) {
    case "PT404":
      return new HttpError("not_found", "There is nothing such of yours.");
    case "PT409":
      return new HttpError("feedback_incomplete", "The feedback is not complete yet.");
    case "PT422":
      return new HttpError("render_refused", error.message, error.details);
    case "PT429":
      return new HttpError("too_many_renders", "Too many renders are under way: wait for some.");
    default:
      return new DatabaseError(call, error.code);
  }
}
