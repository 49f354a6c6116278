/** The row of `video_recordings` beside an upload. */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { SidelineError, toSidelineError } from "../sideline-error.ts";
import { type AnalysisWishes, columnsOf } from "./analysis-wishes.ts";
import { extensionOf } from "./media-type.ts";
import type { Refusal, UploadedFile } from "./refusal.ts";

type Client = SupabaseClient<Database>;

export interface UploadTarget {
  recordingId: number;
  objectName: string;
}

/** The row comes first, so that nothing is lost when the app dies after the last byte. */
export async function addRecording(
  client: Client,
  userId: string,
  file: UploadedFile,
  wishes: AnalysisWishes,
): Promise<UploadTarget> {
  const extension = extensionOf(file.name).replaceAll(/[^a-z0-9]/g, "");
  const objectName = `${userId}/${crypto.randomUUID()}${extension && `.${extension}`}`;
  const { data, error } = await client
    .from("video_recordings")
    .insert({
      user_id: userId,
      filename: file.name.slice(-255),
      original_filename: file.name.slice(-255),
      storage_path: objectName,
      mime_type: file.mimeType,
      file_size: file.size,
      upload_status: "uploading",
      ...(await columnsOf(client, wishes)),
    })
    .select("id")
    .single();
  if (error) throw toSidelineError(error, { PT429: "too_many_uploads" });
  return { recordingId: data.id, objectName };
}

/** The recording that an earlier upload was for; null where it is gone. */
export async function findRecording(
  client: Client,
  objectName: string,
): Promise<(UploadTarget & { isComplete: boolean }) | null> {
  const { data, error } = await client
    .from("video_recordings")
    .select("id, upload_status")
    .eq("storage_path", objectName)
    .maybeSingle();
  if (error) throw toSidelineError(error);
  if (!data) return null;
  return { recordingId: data.id, objectName, isComplete: data.upload_status === "completed" };
}

/** Completing queues the analysis. */
export async function setUploadStatus(
  client: Client,
  recordingId: number,
  status: "uploading" | "completed",
): Promise<void> {
  const { data, error } = await client
    .from("video_recordings")
    .update({ upload_status: status, error_code: null, last_error: null })
    .eq("id", recordingId)
    .select("id");
  if (error) throw toSidelineError(error);
  if (data.length === 0) throw new SidelineError("not_found", "The recording was deleted.");
}

/** A trigger then makes the job fail, with the same code. */
export async function setRefused(
  client: Client,
  recordingId: number,
  refusal: Refusal,
): Promise<void> {
  const { error } = await client
    .from("video_recordings")
    .update({
      upload_status: "failed",
      error_code: refusal.code,
      last_error: refusal.sentence,
    })
    .eq("id", recordingId);
  if (error) throw toSidelineError(error);
}

export async function removeRecording(client: Client, recordingId: number): Promise<void> {
  const { error } = await client.from("video_recordings").delete().eq("id", recordingId);
  if (error) throw toSidelineError(error);
}
