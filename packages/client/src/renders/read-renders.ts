/** Renders from the database's rows. */
import type { RenderStatus, RenderStep } from "@sideline/contracts";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { Render, TimelineEntry } from "./render-state.ts";

type Client = SupabaseClient<Database>;

/** Under the names that an app has them by. */
const columns = `id, recordingId:video_recording_id, options, status,
  progressPercent:progress_percent, step, errorCode:error_code, lastError:last_error, format,
  path:output_path, bytes:output_bytes, durationSeconds:duration_seconds, createdAt:created_at,
  startedAt:started_at, updatedAt:updated_at` as const;
const timelineColumns =
  "id, attempt, step, startedAt:started_at, endedAt:ended_at, outcome, errorCode:error_code";

type Row = Omit<Render, "mode" | "status" | "step"> &
  Pick<Database["public"]["Tables"]["render_jobs"]["Row"], "options" | "status" | "step">;

const statuses: RenderStatus[] = ["processing", "completed", "failed", "cancelled"];
const steps: RenderStep[] = [
  "validation",
  "download",
  "processing",
  "composition",
  "encoding",
  "upload",
  "cleanup",
];

function renderOf({ options, ...row }: Row): Render {
  return {
    ...row,
    mode: modeOf(options),
    status: statuses.find((known) => known === row.status) ?? "queued",
    step: steps.find((known) => known === row.step) ?? null,
    // Its worker names the file before it is there.
    path: row.status === "completed" ? row.path : null,
  };
}

function modeOf(options: Row["options"]): Render["mode"] {
  const mode = options && typeof options === "object" && "mode" in options ? options.mode : null;
  return mode === "freeze" || mode === "duck" ? mode : null;
}

/** Those of a recording, the newest first; at most 20. */
export async function readRenders(
  client: Client,
  recordingId: number,
  signal: AbortSignal,
): Promise<Render[]> {
  const { data } = await client
    .from("render_jobs")
    .select(columns)
    .eq("video_recording_id", recordingId)
    .order("id", { ascending: false })
    .limit(20)
    .abortSignal(signal)
    // The watch does, and knows when the line is back.
    .retry(false)
    .throwOnError();
  return data.map(renderOf);
}

export async function readRender(
  client: Client,
  renderId: number,
  signal: AbortSignal,
): Promise<Render | null> {
  const { data } = await client
    .from("render_jobs")
    .select(columns)
    .eq("id", renderId)
    .abortSignal(signal)
    .retry(false)
    .maybeSingle()
    .throwOnError();
  return data && renderOf(data);
}

/** Its attempts and their steps, in their order. */
export async function readTimeline(
  client: Client,
  renderId: number,
  signal: AbortSignal,
): Promise<TimelineEntry[]> {
  const { data } = await client
    .from("processing_timeline")
    .select(timelineColumns)
    .eq("stage", "render")
    .eq("subject_id", renderId)
    .order("id")
    .limit(500)
    .abortSignal(signal)
    .retry(false)
    .throwOnError();
  return data;
}
