import { type AnalysisClaim, type AnalysisResult, limits } from "@sideline/contracts";
import { z } from "zod";
import { StageError } from "../_shared/errors.ts";
import type { Gemini } from "../_shared/providers/gemini.ts";
import {
  fileNameSchema,
  type GeminiFiles,
  measuredSeconds,
  type ProviderFile,
} from "../_shared/providers/gemini-files.ts";
import type { Storage } from "../_shared/storage.ts";
import type { Attempt } from "../_shared/worker/attempt.ts";
import { promptVersion, repairText, requestText, responseSchema, system } from "./prompt.ts";
import { type ReplyRead, readReply } from "./read-reply.ts";
import type { ByteSource } from "./video/byte-source.ts";
import { geminiTypes, probeVideo } from "./video/probe-video.ts";

export interface AnalyseVideoDeps {
  storage: Storage;
  files: GeminiFiles;
  gemini: Gemini;
}

/** What an attempt keeps: the provider's copy of the video, of which version it is one, its length. */
const progressSchema = z.object({
  file: z.object({ name: fileNameSchema }),
  version: z.string().nullable(),
  seconds: z.number().positive().nullable(),
});

const bucket = "raw";
/** What the first look at a video reads. */
const headBytes = 64 * 1024;
const timeoutMs = 110_000;
/** A video that is announced may still be on its way for so long. */
const missingSeconds = 600;

/** The provider's copy of a video, and how long we measured the video to be. */
interface Copy {
  file: ProviderFile;
  seconds: number | null;
}

/**
 * Analyses one recording: Storage → Files API → model → checked reply. The stored bytes say what the
 * video is, never the client; it passes through in pieces. The provider's copy is kept from attempt
 * to attempt while the item only waits, and deleted when it is done or begins anew. Throws StageError:
 * `video_*` when the video is at fault, `provider_*` or `reply_invalid` when the provider is.
 */
export async function analyseVideo(
  deps: AnalyseVideoDeps,
  claim: AnalysisClaim,
  attempt: Attempt,
): Promise<AnalysisResult> {
  const copy = await providersCopy(deps, claim, attempt);
  const file = await deps.files.waitUntilActive(copy.file, attempt.signal);
  const durationSeconds = measuredSeconds(file) ?? copy.seconds;
  if (durationSeconds === null || durationSeconds <= 0) {
    throw new StageError("video_unreadable", "fail", { detail: "nobody could measure its length" });
  }
  if (durationSeconds > limits.videoSeconds) throw new StageError("video_too_long", "fail");
  const reply = await ask(deps, claim, file, durationSeconds, attempt);
  return { ...reply, prompt_version: promptVersion, duration_seconds: durationSeconds };
}

/** The copy that an earlier attempt uploaded, if it still is one of this video; else a new one. */
async function providersCopy(
  deps: AnalyseVideoDeps,
  claim: AnalysisClaim,
  attempt: Attempt,
): Promise<Copy> {
  const kept = progressSchema.safeParse(claim.progress).data;
  if (kept) attempt.atEnd(() => deps.files.delete(kept.file));
  const video = await storedVideo(deps.storage, claim.storage_path, attempt.signal);
  if (kept && kept.version === video.version) {
    const found = await deps.files.find(kept.file.name, attempt.signal);
    if (found) return { file: found, seconds: kept.seconds };
  } else if (kept) {
    await deps.files.delete(kept.file);
  }
  return await upload(deps, claim, video, attempt);
}

interface StoredVideo extends ByteSource {
  version: string | null;
}

async function storedVideo(
  storage: Storage,
  path: string,
  signal: AbortSignal,
): Promise<StoredVideo> {
  const piece = (start: number, end: number) => storage.read({ bucket, path, start, end }, signal);
  const first = await piece(0, headBytes);
  if (!first) throw missing();
  return {
    size: first.size,
    version: first.version,
    async read(start, end) {
      if (end <= first.bytes.length) return first.bytes.subarray(start, end);
      const part = await piece(start, end);
      if (part && part.version === first.version && part.bytes.length === end - start) {
        return part.bytes;
      }
      throw replaced();
    },
  };
}

async function upload(
  { storage, files }: AnalyseVideoDeps,
  claim: AnalysisClaim,
  video: StoredVideo,
  attempt: Attempt,
): Promise<Copy> {
  const { signal, log } = attempt;
  const { container, seconds } = await probeVideo(video);
  const { video_recording_id } = claim;
  log.info("video.upload", { video_recording_id, bytes: video.size, video: container });
  const mimeType = geminiTypes[container];
  const stored = await asStored(storage, claim, video, signal);
  // The provider needs no name of the user's; the id finds the file again in its console.
  const displayName = `recording-${video_recording_id}`;
  const file = await files.upload({ ...stored, mimeType, displayName, signal });
  attempt.atEnd(() => files.delete(file));
  const { version } = video;
  const { name, uri } = file;
  try {
    await attempt.keep({ file: { name, uri, mimeType }, version, seconds });
  } catch (error) {
    // Nobody will ever ask for it.
    await files.delete(file);
    throw error;
  }
  return { file: { ...file, mimeType: file.mimeType ?? mimeType }, seconds };
}

async function asStored(
  storage: Storage,
  { storage_path }: AnalysisClaim,
  { size, version }: StoredVideo,
  signal: AbortSignal,
) {
  const object = await storage.open(bucket, storage_path, signal);
  if (!object) throw missing();
  if (object.version === version) return { body: object.body, size };
  await object.body.cancel();
  throw replaced();
}

async function ask(
  { gemini }: AnalyseVideoDeps,
  claim: AnalysisClaim,
  file: ProviderFile,
  durationSeconds: number,
  { signal, log }: Attempt,
) {
  const fileData = { mimeType: file.mimeType ?? geminiTypes.mp4, fileUri: file.uri };
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

/** Another video has come under the same name meanwhile. */
function replaced(): StageError {
  return new StageError("internal_error", "retry", { detail: "the video was replaced meanwhile" });
}
