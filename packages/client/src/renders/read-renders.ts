/** Renders from the database's rows; the one place that knows both. */
import type { RenderStatus, RenderStep } from "@sideline/contracts";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { Render, TimelineEntry } from "./render-state.ts";

type Client = SupabaseClient<Database>;

const columns = `id, video_recording_id, options, status, progress_percent, step, error_code,
  last_error, format, output_path, output_bytes, duration_seconds, created_at, started_at,
  updated_at` as const;

type Row = Pick<
  Database["public"]["Tables"]["render_jobs"]["Row"],
  | "id"
  | "video_recording_id"
  | "options"
  | "status"
  | "progress_percent"
  | "step"
  | "error_code"
  | "last_error"
  | "format"
  | "output_path"
  | "output_bytes"
  | "duration_seconds"
  | "created_at"
  | "started_at"
  | "updated_at"
>;

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

function renderOf(row: Row): Render {
  return {
    id: row.id,
    recordingId: row.video_recording_id,
    mode: modeOf(row.options),
    status: statuses.find((known) => known === row.status) ?? "queued",
    progressPercent: row.progress_percent,
    step: steps.find((known) => known === row.step) ?? null,
    errorCode: row.error_code,
    lastError: row.last_error,
    format: row.format,
    // Its worker names the file before it is there.
    path: row.status === "completed" ? row.output_path : null,
    bytes: row.output_bytes,
    durationSeconds: row.duration_seconds,
    createdAt: row.created_at,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
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
    .select("id, attempt, step, started_at, ended_at, outcome, error_code")
    .eq("stage", "render")
    .eq("subject_id", renderId)
    .order("id")
    .limit(500)
    .abortSignal(signal)
    .retry(false)
    .throwOnError();
  return data.map((row) => ({
    id: row.id,
    attempt: row.attempt,
    step: row.step,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    errorCode: row.error_code,
  }));
}
