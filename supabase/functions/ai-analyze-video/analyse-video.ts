import type { Content } from "@google/generative-ai";
import { type AnalysisClaim, type AnalysisResult, limits, videoTypes } from "@sideline/contracts";
import { z } from "zod";
import { StageError } from "../_shared/errors.ts";
import type { Gemini } from "../_shared/providers/gemini.ts";
import { fileNameSchema, type ProviderFile } from "../_shared/providers/gemini-file.ts";
import { type GeminiFiles, measuredSeconds } from "../_shared/providers/gemini-files.ts";
import type { Storage } from "../_shared/storage.ts";
import type { Attempt } from "../_shared/worker/attempt.ts";
import { otherLanguage } from "./other-language.ts";
import { promptVersion, repairText, requestText, responseSchema, system } from "./prompt.ts";
import { type ReplyRead, readReply } from "./read-reply.ts";
import type { ByteSource } from "./video/byte-source.ts";
import { probeVideo } from "./video/probe-video.ts";

export interface AnalyseVideoDeps {
  storage: Pick<Storage, "read">;
  files: Omit<GeminiFiles, "erase">;
  gemini: Gemini;
}

/**
 * What an attempt keeps: of which version of the video it speaks, its length, and the provider's copy
 * of it, or where the upload of that copy goes on.
 */
const progressSchema = z.object({
  version: z.string().nullable(),
  seconds: z.number().positive().nullable(),
  file: z.object({ name: fileNameSchema }).optional(),
  upload: z.object({ address: z.string(), sent: z.number(), mimeType: z.string() }).optional(),
});
type Progress = z.infer<typeof progressSchema>;

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

/** A copy that can be asked about. */
interface ReadyCopy {
  fileData: { mimeType: string; fileUri: string };
  durationSeconds: number;
}

/**
 * Analyses one recording: Storage → Files API → model → checked reply. The stored bytes say what the
 * video is, never the client; it passes through in pieces. The provider's copy is kept from attempt
 * to attempt while the item only waits, and deleted when it is done or begins anew. Where an earlier
 * attempt was answered nothing is uploaded. Throws StageError: `video_*` when the video is at fault,
 * `provider_*` or `reply_invalid` when the provider is.
 */
export async function analyseVideo(
  deps: AnalyseVideoDeps,
  claim: AnalysisClaim,
  attempt: Attempt,
): Promise<AnalysisResult> {
  const kept = progressSchema.safeParse(claim.progress).data;
  const file = kept?.file;
  if (file) attempt.atEnd(() => deps.files.delete(file));
  const video = await storedVideo(deps.storage, claim.storage_path, attempt.signal);
  let ready: Promise<ReadyCopy> | undefined;
  const copy = () => {
    ready ??= readyCopy(deps, claim, video, kept, attempt);
    return ready;
  };
  const reply = await ask(deps, claim, video, copy, attempt);
  return { ...reply, note: noteOf(reply, claim.language), prompt_version: promptVersion };
}

async function readyCopy(
  deps: AnalyseVideoDeps,
  claim: AnalysisClaim,
  video: StoredVideo,
  kept: Progress | undefined,
  attempt: Attempt,
): Promise<ReadyCopy> {
  const copy = await providersCopy(deps, claim, video, kept, attempt);
  const file = await deps.files.waitUntilActive(copy.file, attempt.signal);
  const durationSeconds = measuredSeconds(file) ?? copy.seconds;
  if (durationSeconds === null || durationSeconds <= 0) {
    throw new StageError("video_unreadable", "fail", { detail: "nobody could measure its length" });
  }
  if (durationSeconds > limits.videoSeconds) throw new StageError("video_too_long", "fail");
  const mimeType = file.mimeType ?? videoTypes.mp4.geminiType;
  return { fileData: { mimeType, fileUri: file.uri }, durationSeconds };
}

/** The copy that an earlier attempt uploaded, or began to, if it still is one of this video; else a new one. */
async function providersCopy(
  deps: AnalyseVideoDeps,
  claim: AnalysisClaim,
  video: StoredVideo,
  kept: Progress | undefined,
  attempt: Attempt,
): Promise<Copy> {
  const copy = kept?.file;
  if (kept?.version !== video.version) {
    if (copy) await deps.files.delete(copy);
    return await upload(deps, claim, video, attempt);
  }
  if (copy) attempt.ledger.asking();
  const found = copy && (await deps.files.find(copy.name, attempt.signal));
  if (found) return { file: found, seconds: kept.seconds };
  return await upload(deps, claim, video, attempt, kept);
}

interface StoredVideo extends ByteSource {
  version: string | null;
}

async function storedVideo(
  storage: AnalyseVideoDeps["storage"],
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

/** @param begun what an earlier attempt kept of the upload that it began */
async function upload(
  { files }: AnalyseVideoDeps,
  { video_recording_id }: AnalysisClaim,
  video: StoredVideo,
  attempt: Attempt,
  begun?: Progress,
): Promise<Copy> {
  const { signal, log } = attempt;
  const { version, size } = video;
  const { mimeType, seconds } = begun?.upload
    ? { ...begun, mimeType: begun.upload.mimeType }
    : await probeVideo(video);
  log.info("video.upload", { video_recording_id, bytes: size, video: mimeType });
  attempt.ledger.asking();
  const file = await files.upload({
    size,
    read: video.read,
    mimeType,
    // The provider needs no name of the user's; the id finds the file again in its console.
    displayName: `recording-${video_recording_id}`,
    begun: begun?.upload ?? null,
    keep: ({ address, sent }) =>
      attempt.keep({ version, seconds, upload: { address, sent, mimeType } }),
    mayPass: attempt.mayPass,
    signal,
  });
  attempt.atEnd(() => files.delete(file));
  const { name, uri } = file;
  try {
    await attempt.keep({ version, seconds, file: { name, uri, mimeType } });
  } catch (error) {
    // Nobody will ever ask for it.
    await files.delete(file);
    throw error;
  }
  return { file: { ...file, mimeType: file.mimeType ?? mimeType }, seconds };
}

async function ask(
  { gemini }: AnalyseVideoDeps,
  claim: AnalysisClaim,
  video: StoredVideo,
  copy: () => Promise<ReadyCopy>,
  { signal, log, ledger }: Attempt,
) {
  // A video without a version is like no other.
  const version = video.version ?? crypto.randomUUID();
  const generate = (...after: Content[]) =>
    gemini.generate({
      ...{ system, responseSchema, signal, timeoutMs, ledger },
      asks: [version, requestText(claim, null), after],
      async contents() {
        const { fileData, durationSeconds } = await copy();
        const parts = [{ fileData }, { text: requestText(claim, durationSeconds) }];
        return { contents: [{ role: "user", parts }, ...after], context: durationSeconds };
      },
    });
  const first = await generate();
  const duration_seconds = z.number().positive().parse(first.context);
  const firstTry = readReply(first.text, duration_seconds, claim.brief);
  if (firstTry.ok && firstTry.value.mostlyGood) {
    return { ...accepted(firstTry.value, first.model), duration_seconds };
  }

  log.info("analysis.repair", { model: first.model });
  const faults = firstTry.ok ? firstTry.value.faults : firstTry.faults;
  const second = await generate(
    { role: "model", parts: [{ text: first.text }] },
    { role: "user", parts: [{ text: repairText(faults) }] },
  );
  const secondTry = readReply(second.text, duration_seconds, claim.brief);
  if (secondTry.ok) return { ...accepted(secondTry.value, second.model), duration_seconds };
  // What was good of the first one is better than nothing.
  if (firstTry.ok) return { ...accepted(firstTry.value, first.model), duration_seconds };
  throw new StageError("reply_invalid", "retry", { detail: secondTry.faults.join("; ") });
}

/** What the owner did not get of what was asked for. */
function noteOf(reply: { note: string | null; language: string | null }, asked: string) {
  const notes = [reply.note, otherLanguage(reply.language, asked)].filter((note) => note !== null);
  return notes.length === 0 ? null : notes.join(" ");
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
