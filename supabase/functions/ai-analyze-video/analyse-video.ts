import { type AnalysisClaim, type AnalysisResult, limits } from "@sideline/contracts";
import { StageError } from "../_shared/errors.ts";
import type { Log } from "../_shared/log.ts";
import type { Gemini } from "../_shared/providers/gemini.ts";
import {
  type GeminiFiles,
  measuredSeconds,
  type ProviderFile,
} from "../_shared/providers/gemini-files.ts";
import type { Storage } from "../_shared/storage.ts";
import { promptVersion, repairText, requestText, responseSchema, system } from "./prompt.ts";
import { readReply } from "./read-reply.ts";

export interface AnalyseVideoDeps {
  storage: Storage;
  files: GeminiFiles;
  gemini: Gemini;
  log: Log;
}

const bucket = "raw";
const timeoutMs = 110_000;

/**
 * Analyses one recording: Storage → Files API → model → checked reply. The video passes through in
 * pieces, and the provider's copy is deleted whatever happens. Throws StageError: `video_*` when
 * the video is at fault, `provider_*` or `reply_invalid` when the provider is.
 */
export async function analyseVideo(
  deps: AnalyseVideoDeps,
  claim: AnalysisClaim,
  signal: AbortSignal,
): Promise<AnalysisResult> {
  const uploaded = await upload(deps, claim, signal);
  try {
    const file = await deps.files.waitUntilActive(uploaded, signal);
    const durationSeconds = lengthOf(file, claim);
    const reply = await ask(deps, claim, file, durationSeconds, signal);
    return { ...reply, prompt_version: promptVersion, duration_seconds: durationSeconds };
  } finally {
    await deps.files.delete(uploaded);
  }
}

async function upload(
  { storage, files, log }: AnalyseVideoDeps,
  claim: AnalysisClaim,
  signal: AbortSignal,
): Promise<ProviderFile> {
  const object = await storage.open(bucket, claim.storage_path, signal);
  if (!object) throw fault("video_missing", "The video is not in the storage.");
  const { body, size } = object;
  if (size === 0 || (size !== null && size > limits.videoBytes)) {
    await body.cancel();
    throw size === 0
      ? fault("video_empty", "The video file is empty.")
      : fault("file_too_large", "The video file is larger than 500 MiB.");
  }
  log.info("video.upload", { video_recording_id: claim.video_recording_id, bytes: size ?? -1 });
  const mimeType = claim.mime_type || "video/mp4";
  // The provider needs no name of the user's; the id finds the file again in its console.
  const displayName = `recording-${claim.video_recording_id}`;
  return await files.upload({ body, size, mimeType, displayName, signal });
}

function lengthOf(file: ProviderFile, claim: AnalysisClaim): number {
  const seconds = measuredSeconds(file) ?? claim.duration_seconds;
  if (seconds === null || seconds <= 0) {
    throw fault("video_unreadable", "The provider found no video in the file.");
  }
  if (seconds > limits.videoSeconds) {
    throw fault("video_too_long", `The video is longer than ${limits.videoSeconds / 60} minutes.`);
  }
  return seconds;
}

async function ask(
  { gemini, log }: AnalyseVideoDeps,
  claim: AnalysisClaim,
  file: ProviderFile,
  durationSeconds: number,
  signal: AbortSignal,
) {
  const fileData = {
    mimeType: file.mimeType ?? (claim.mime_type || "video/mp4"),
    fileUri: file.uri,
  };
  const question = {
    role: "user",
    parts: [{ fileData }, { text: requestText(claim, durationSeconds) }],
  };
  const request = { system, responseSchema, signal, timeoutMs };
  const first = await gemini.generate({ ...request, contents: [question] });
  const firstTry = readReply(first.text, durationSeconds);
  if (firstTry.ok) return { ...firstTry.value, model: first.model };

  log.info("analysis.repair", { model: first.model });
  const second = await gemini.generate({
    ...request,
    contents: [
      question,
      { role: "model", parts: [{ text: first.text }] },
      { role: "user", parts: [{ text: repairText(firstTry.faults) }] },
    ],
  });
  const secondTry = readReply(second.text, durationSeconds);
  if (secondTry.ok) return { ...secondTry.value, model: second.model };
  throw new StageError(`The model's answer breaks the rules: ${secondTry.faults.join("; ")}.`, {
    code: "reply_invalid",
    retryable: true,
  });
}

function fault(
  code: "video_missing" | "video_empty" | "video_unreadable" | "video_too_long" | "file_too_large",
  message: string,
): StageError {
  return new StageError(message, { code, retryable: false });
}
