import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { DetailedError, Upload } from "tus-js-client";
import type { Clip } from "./clip.ts";
import { DemoFailure } from "./demo-result.ts";
import type { SignedIn } from "./sign-in.ts";

/** The chunk size that Supabase asks resumable uploads to use. */
const chunkSize = 6 * 1024 * 1024;

export interface UploadTarget {
  apiUrl: string;
  publishableKey: string;
}

/**
 * What an app does with a clip: the recording's row first, then the file by resumable upload into
 * the owner's folder, then the row says how it went.
 * @returns id of the recording, whose upload is complete
 * @throws DemoFailure where Storage refused the file; the recording and its job say why
 */
export async function uploadClip(
  clip: Clip,
  user: SignedIn,
  target: UploadTarget,
  onProgress: (sentBytes: number) => void,
): Promise<number> {
  const objectName = `${user.userId}/${randomUUID()}${clip.extension}`;
  const { data: recording } = await user.client
    .from("video_recordings")
    .insert({
      user_id: user.userId,
      filename: clip.name,
      original_filename: clip.name,
      storage_path: objectName,
      mime_type: clip.mimeType,
      file_size: clip.size,
      upload_status: "uploading",
    })
    .select("id")
    .single()
    .throwOnError();

  try {
    await sendFile(clip, objectName, user.accessToken, target, onProgress);
  } catch (error) {
    throw await recordFailure(user, recording.id, clip, error);
  }
  await user.client
    .from("video_recordings")
    .update({ upload_status: "completed" })
    .eq("id", recording.id)
    .throwOnError();
  return recording.id;
}

function sendFile(
  clip: Clip,
  objectName: string,
  accessToken: string,
  { apiUrl, publishableKey }: UploadTarget,
  onProgress: (sentBytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(createReadStream(clip.path), {
      endpoint: `${apiUrl}/storage/v1/upload/resumable`,
      headers: { authorization: `Bearer ${accessToken}`, apikey: publishableKey },
      metadata: {
        bucketName: "raw",
        objectName,
        contentType: clip.mimeType,
        cacheControl: "3600",
      },
      uploadSize: clip.size,
      chunkSize,
      // An empty file has no data that a creation could carry: the client would read before it.
      uploadDataDuringCreation: clip.size > 0,
      retryDelays: [0, 500, 2_000, 5_000],
      storeFingerprintForResuming: false,
      onProgress: (sent) => onProgress(sent),
      onSuccess: () => resolve(),
      onError: reject,
    });
    upload.start();
  });
}

/** Tells the database, whose trigger makes the failed job, and says it in a sentence. */
async function recordFailure(
  user: SignedIn,
  recordingId: number,
  clip: Clip,
  error: unknown,
): Promise<DemoFailure> {
  const { code, sentence } = explainRefusal(clip, error);
  await user.client
    .from("video_recordings")
    .update({ upload_status: "failed", error_code: code, last_error: sentence })
    .eq("id", recordingId)
    .throwOnError();
  const { data: job } = await user.client
    .from("analysis_jobs")
    .select("id")
    .eq("video_recording_id", recordingId)
    .maybeSingle()
    .throwOnError();
  return new DemoFailure(code, sentence, { recordingId, jobId: job?.id ?? null });
}

function explainRefusal(clip: Clip, error: unknown): { code: string; sentence: string } {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  const status = response?.getStatus();
  const megabytes = Math.round(clip.size / 1024 / 1024);
  if (status === 413) {
    const sentence = `${clip.name} is too large: ${megabytes} MB, and the limit is 500 MB.`;
    return { code: "file_too_large", sentence };
  }
  if (status === 415 || /mime/i.test(response?.getBody() ?? "")) {
    const sentence = `${clip.name} is ${clip.mimeType}; only video files are accepted.`;
    return { code: "mime_type_not_allowed", sentence };
  }
  const reason = response?.getBody() || (error instanceof Error ? error.message : String(error));
  return { code: "upload_failed", sentence: `The upload of ${clip.name} failed: ${reason}` };
}
