/** What an owner asks of the pipeline. Each throws a SidelineError whose code says why not. */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { isProblemCode, type ProblemCode } from "./problems/problem-code.ts";
import { SidelineError, toSidelineError } from "./sideline-error.ts";
import { type AnalysisWishes, setWishes } from "./upload/analysis-wishes.ts";

type Client = SupabaseClient<Database>;

const retryCodes: Record<string, ProblemCode> = { PT429: "too_many_retries" };

/** Queues a failed stage of a remark anew, with all its attempts. */
export async function retryFeedback(
  client: Client,
  feedbackId: number,
  stage: "ssml" | "audio",
): Promise<void> {
  const { error } = await client.rpc("retry_feedback", { feedback_id: feedbackId, stage });
  if (error) throw toSidelineError(error, retryCodes);
}

/**
 * Gives a remark other words, and has them spoken. Its status goes back to `queued`; words that are
 * the same change nothing.
 * @param words at most 2,000 characters each; without a drill there is nothing to practise
 */
export async function editFeedback(
  client: Client,
  feedbackId: number,
  { message, drill }: { message: string; drill: string | null },
): Promise<void> {
  const { error } = await client.rpc("edit_feedback", {
    feedback_id: feedbackId,
    message,
    ...(drill !== null && { drill }),
  });
  if (error) throw toSidelineError(error);
}

/** Queues a failed analysis anew, with all its attempts. */
export async function retryAnalysis(client: Client, jobId: number): Promise<void> {
  const { error } = await client.rpc("retry_analysis", { analysis_job_id: jobId });
  if (error) throw toSidelineError(error, retryCodes);
}

/** Queues a failed draft of a session's brief anew, with all its attempts. */
export async function retryDraft(client: Client, draftId: number): Promise<void> {
  const { error } = await client.rpc("retry_draft", { draft_id: draftId });
  if (error) throw toSidelineError(error, retryCodes);
}

/** Deletes a recording with all that came of it; its files are erased within moments. */
export async function deleteRecording(client: Client, recordingId: number): Promise<void> {
  const { error } = await client.from("video_recordings").delete().eq("id", recordingId);
  if (error) throw toSidelineError(error);
}

/**
 * Deletes the signed-in user's account with everything that came of it, and signs out here. Tokens
 * of other devices end by themselves, and read nothing until then.
 */
export async function deleteAccount(client: Client): Promise<void> {
  const { error } = await client.rpc("delete_account");
  if (error) throw toSidelineError(error);
  // Auth knows nobody any more to sign out there.
  await client.auth.signOut({ scope: "local" });
}

/** Deletes the sound of a remark; the remark stays, and is silent. */
export async function deleteAudio(client: Client, feedbackId: number): Promise<void> {
  const { error } = await client.rpc("delete_audio", { feedback_id: feedbackId });
  if (error) throw toSidelineError(error);
}

/**
 * Starts the analysis of an uploaded recording at once, or finds it. The pipeline starts by itself
 * when an upload is complete; this is for apps that know it earlier, or replaced a video.
 * @param wishes the session whose brief it follows, chosen before it has begun
 */
export async function startAnalysis(
  client: Client,
  recordingId: number,
  wishes: AnalysisWishes = {},
): Promise<{ jobId: number; status: string }> {
  await setWishes(client, recordingId, wishes);
  const { data, error } = await client.functions.invoke<{ analysisJobId: number; status: string }>(
    "ai-analyze-video",
    { body: { videoRecordingId: recordingId } },
  );
  if (error) throw await functionError(error);
  if (!data) throw new SidelineError("unknown", "The function answered with nothing.");
  return { jobId: data.analysisJobId, status: data.status };
}

/** A function's refusal carries its reason in the body of the response, `{code, message}`. */
async function functionError(error: unknown): Promise<SidelineError> {
  const response =
    error instanceof Error && "context" in error && error.context instanceof Response
      ? error.context
      : null;
  if (!response) return toSidelineError(error);
  const body: unknown = await response.json().catch(() => null);
  const has = typeof body === "object" && body !== null && "code" in body && "message" in body;
  const code = has && isProblemCode(String(body.code)) ? String(body.code) : "unknown";
  const message = has ? String(body.message) : `The function answered with ${response.status}.`;
  return new SidelineError(isProblemCode(code) ? code : "unknown", message, response.status, error);
}
