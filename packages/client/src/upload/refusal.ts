import type { UploadErrorCode } from "@sideline/contracts";
import { videoTypeNames } from "@sideline/contracts/video-types";
import type { DetailedError } from "tus-js-client";

/** What is uploaded. */
export interface UploadedFile {
  name: string;
  mimeType: string;
  /** Bytes. */
  size: number;
}

/** Storage's answer to a file that it does not take: final, and written to the recording. */
export interface Refusal {
  code: Extract<UploadErrorCode, "file_too_large" | "mime_type_not_allowed" | "upload_failed">;
  sentence: string;
}

/**
 * @returns null where nothing was refused: the connection broke, the server was away, or the upload
 * was held by somebody else
 */
export function refusalOf(file: UploadedFile, error: Error | DetailedError): Refusal | null {
  const response = "originalResponse" in error ? error.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  if (status < 400 || status >= 500 || status === 409 || status === 423 || status === 429) {
    return null;
  }
  const body = response?.getBody() ?? "";
  if (status === 413) {
    const megabytes = Math.round(file.size / 1024 / 1024);
    const sentence = `${file.name} is too large: ${megabytes} MB, and the limit is 500 MB.`;
    return { code: "file_too_large", sentence };
  }
  if (status === 415 || /mime/i.test(body)) {
    const sentence = `${file.name} is ${file.mimeType}, which is not supported: save it as ${videoTypeNames}.`;
    return { code: "mime_type_not_allowed", sentence };
  }
  const sentence = `The upload of ${file.name} failed: ${body || error.message}`;
  return { code: "upload_failed", sentence: sentence.slice(0, 500) };
}
