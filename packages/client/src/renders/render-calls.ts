/** What an owner asks of renders. Each throws a SidelineError whose code says why not. */
import type { CoachedOptions } from "@sideline/contracts";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { ProblemCode } from "../problems/problem-code.ts";
import { projectAddress } from "../project-address.ts";
import { toSidelineError } from "../sideline-error.ts";

type Client = SupabaseClient<Database>;

const codes: Record<string, ProblemCode> = {
  PT409: "feedback_incomplete",
  PT422: "render_refused",
  PT429: "too_many_renders",
};

/** Has the coached video of a recording made, whose feedback is complete; the render's id. */
export async function renderRecording(
  client: Client,
  recordingId: number,
  options: CoachedOptions = {},
): Promise<number> {
  const args = { recording_id: recordingId, options };
  const { data, error } = await client.rpc("compose_coached_render", args);
  if (error) throw toSidelineError(error, codes);
  return data;
}

/** Stops a render within seconds, whoever works on it. One that has ended stays as it is. */
export async function cancelRender(client: Client, renderId: number): Promise<void> {
  const { error } = await client.rpc("cancel_render_job", { render_job_id: renderId });
  if (error && error.code !== "PT409") throw toSidelineError(error);
}

/** Queues a failed or cancelled render anew. */
export async function retryRender(client: Client, renderId: number): Promise<void> {
  const { error } = await client.rpc("retry_render", { render_job_id: renderId });
  if (error) throw toSidelineError(error, { PT429: "too_many_retries" });
}

/** The video goes, and the links to it; what works on it stops. */
export async function deleteRender(client: Client, renderId: number): Promise<void> {
  const { error } = await client.from("render_jobs").delete().eq("id", renderId);
  if (error) throw toSidelineError(error);
}

export interface NewRenderLink {
  id: number;
  /** For whoever has it, until it ends. It is told this once: the database keeps a hash. */
  url: string;
  expiresAt: string;
}

/** A public link to a finished video. @param validSeconds a minute to 30 days; 7 days */
export async function shareRender(
  client: Client,
  renderId: number,
  validSeconds = 7 * 24 * 3600,
): Promise<NewRenderLink> {
  const args = { render_job_id: renderId, valid_seconds: validSeconds };
  const { data, error } = await client.rpc("create_render_link", args).single();
  if (error) throw toSidelineError(error, codes);
  const url = `${projectAddress(client).apiUrl}/functions/v1/render/shared/${data.token}`;
  return { id: data.id, url, expiresAt: data.expires_at };
}

export interface RenderLink {
  id: number;
  createdAt: string;
  expiresAt: string;
  /** When it was opened, the latest first: with what program, and from which country. */
  visits: { at: string; agent: string | null; country: string | null }[];
}

/** The links to a video that have not ended, and those who opened them. */
export async function renderLinks(client: Client, renderId: number): Promise<RenderLink[]> {
  const { data, error } = await client
    .from("render_links")
    .select("id, created_at, expires_at, url_access_logs(accessed_at, agent, country)")
    .eq("render_job_id", renderId)
    .gt("expires_at", new Date().toISOString())
    .order("id", { ascending: false })
    .order("id", { referencedTable: "url_access_logs", ascending: false })
    .limit(100, { referencedTable: "url_access_logs" });
  if (error) throw toSidelineError(error);
  return data.map((link) => ({
    id: link.id,
    createdAt: link.created_at,
    expiresAt: link.expires_at,
    visits: link.url_access_logs.map((visit) => ({
      at: visit.accessed_at,
      agent: visit.agent,
      country: visit.country,
    })),
  }));
}

/** From now on the link opens nothing. */
export async function endRenderLink(client: Client, linkId: number): Promise<void> {
  // A moment ago, so that a clock that is a little ahead does not keep it alive.
  const ended = new Date(Date.now() - 3_600_000).toISOString();
  const { error } = await client
    .from("render_links")
    .update({ expires_at: ended })
    .eq("id", linkId);
  if (error) throw toSidelineError(error);
}
