import { type AnalysisClaim, type AnalysisResult, limits } from "@sideline/contracts";
import { z } from "zod";
import { StageError } from "../_shared/errors.ts";
import type { Gemini } from "../_shared/providers/gemini.ts";
import {
  type GeminiFiles,
  measuredSeconds,
  type ProviderFile,
} from "../_shared/providers/gemini-files.ts";
import type { Storage, StoredObject } from "../_shared/storage.ts";
import type { Attempt } from "../_shared/worker/attempt.ts";
import { promptVersion, repairText, requestText, responseSchema, system } from "./prompt.ts";
import { type ReplyRead, readReply } from "./read-reply.ts";

export interface AnalyseVideoDeps {
  storage: Storage;
  files: GeminiFiles;
  gemini: Gemini;
}

/** What an attempt keeps: the provider's copy of the video, and of which version it is one. */
const progressSchema = z.object({
  file: z.object({ name: z.string().regex(/^files\/[\w-]+$/) }),
  version: z.string().nullable(),
});

const bucket = "raw";
const timeoutMs = 110_000;
/** A video that is announced may still be on its way for so long. */
const missingSeconds = 600;

/**
 * Analyses one recording: Storage → Files API → model → checked reply. The video passes through in
 * pieces. The provider's copy is kept from attempt to attempt while the item only waits, and deleted
 * when it is done or begins anew. Throws StageError: `video_*` when the video is at fault,
 * `provider_*` or `reply_invalid` when the provider is.
 */
export async function analyseVideo(
  deps: AnalyseVideoDeps,
  claim: AnalysisClaim,
  attempt: Attempt,
): Promise<AnalysisResult> {
  const copy = await providersCopy(deps, claim, attempt);
  const file = await deps.files.waitUntilActive(copy, attempt.signal);
  const durationSeconds = lengthOf(file, claim);
  const reply = await ask(deps, claim, file, durationSeconds, attempt);
  return { ...reply, prompt_version: promptVersion, duration_seconds: durationSeconds };
}

/** The copy that an earlier attempt uploaded, if it still is one of this video; else a new one. */
async function providersCopy(
  deps: AnalyseVideoDeps,
  claim: AnalysisClaim,
  attempt: Attempt,
): Promise<ProviderFile> {
  const kept = progressSchema.safeParse(claim.progress).data;
  if (kept) attempt.atEnd(() => deps.files.delete(kept.file));
  const object = await deps.storage.open(bucket, claim.storage_path, attempt.signal);
  if (!object) throw missing();
  if (kept && kept.version === object.version) {
    const found = await deps.files.find(kept.file.name, attempt.signal).catch(async (error) => {
      await object.body.cancel();
      throw error;
    });
    if (found) {
      await object.body.cancel();
      return found;
    }
  } else if (kept) {
    await deps.files.delete(kept.file);
  }
  return await upload(deps, claim, object, attempt);
}

async function upload(
  { files }: AnalyseVideoDeps,
  claim: AnalysisClaim,
  object: StoredObject,
  attempt: Attempt,
): Promise<ProviderFile> {
  const { body, size, version } = object;
  if (size === 0 || (size !== null && size > limits.videoBytes)) {
    await body.cancel();
    throw new StageError(size === 0 ? "video_empty" : "file_too_large", "fail");
  }
  attempt.log.info("video.upload", {
    video_recording_id: claim.video_recording_id,
    bytes: size ?? -1,
  });
  const mimeType = claim.mime_type || "video/mp4";
  // The provider needs no name of the user's; the id finds the file again in its console.
  const displayName = `recording-${claim.video_recording_id}`;
  const { signal } = attempt;
  const file = await files.upload({ body, size, mimeType, displayName, signal });
  attempt.atEnd(() => files.delete(file));
  try {
    await attempt.keep({ file: { name: file.name, uri: file.uri, mimeType }, version });
  } catch (error) {
    // Nobody will ever ask for it.
    await files.delete(file);
    throw error;
  }
  return file;
}

function lengthOf(file: ProviderFile, claim: AnalysisClaim): number {
  const seconds = measuredSeconds(file) ?? claim.duration_seconds;
  if (seconds === null || seconds <= 0) {
    throw new StageError("video_unreadable", "fail", { detail: "nobody knows its length" });
  }
  if (seconds > limits.videoSeconds) {
    throw new StageError("video_too_long", "fail");
  }
  return seconds;
}

async function ask(
  { gemini }: AnalyseVideoDeps,
  claim: AnalysisClaim,
  file: ProviderFile,
  durationSeconds: number,
  { signal, log }: Attempt,
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
  if (firstTry.ok && firstTry.value.mostlyGood) return accepted(firstTry.value, first.model);

  log.info("analysis.repair", { model: first.model });
  const faults = firstTry.ok ? firstTry.value.faults : firstTry.faults;
  const second = await gemini.generate({
    ...request,
    contents: [
      question,
      { role: "model", parts: [{ text: first.text }] },
      { role: "user", parts: [{ text: repairText(faults) }] },
    ],
  });
  const secondTry = readReply(second.text, durationSeconds);
  if (secondTry.ok) return accepted(secondTry.value, second.model);
  // What was good of the first one is better than nothing.
  if (firstTry.ok) return accepted(firstTry.value, first.model);
  throw new StageError("reply_invalid", "retry", { detail: secondTry.faults.join("; ") });
}

function accepted({ value, note }: ReplyRead, model: string) {
  return { ...value, note, model };
}

function missing(): StageError {
  return new StageError("video_missing", "defer", { withinSeconds: missingSeconds });
}
