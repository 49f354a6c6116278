import { StageError } from "../errors.ts";
import { confused, fileSchema, type ProviderFile, provider } from "./gemini-file.ts";
import { createUpload, type Upload } from "./gemini-upload.ts";
import {
  createProviderCall,
  jsonOf,
  type ProviderAnswer,
  type ProviderRequest,
} from "./provider-call.ts";
import { readFailure, stageErrorOf } from "./provider-failure.ts";

/** Gemini's Files API, by fetch: the SDK's own uploader holds the whole file and cannot resume. */
export interface GeminiFiles {
  /**
   * Passes a file on in pieces, one in memory at a time, from where the provider has it already.
   * Throws ToBeContinued when no more may be sent now.
   */
  upload(upload: Upload): Promise<ProviderFile>;
  /** The file that was uploaded before, as it is now; null when the provider has it no more. */
  find(name: string, signal: AbortSignal): Promise<ProviderFile | null>;
  /**
   * Polls until the provider has read the file. Throws `video_unreadable` when it cannot, and
   * `provider_pending` when that takes longer than a minute.
   */
  waitUntilActive(file: ProviderFile, signal: AbortSignal): Promise<ProviderFile>;
  /** Deletes the file; the provider would keep it for two days. A failure is not worth an error. */
  delete(file: { name: string }): Promise<void>;
  /** Deletes the file, and throws StageError where that cannot be known. */
  erase(file: { name: string }, signal: AbortSignal): Promise<void>;
}

export interface GeminiFilesOptions {
  apiKey: string;
  baseUrl: string;
  fetch: typeof fetch;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A multiple of 256 KiB; 8 MiB unless told. */
  chunkBytes?: number;
}

const timeoutMs = { look: 30_000, delete: 10_000 } as const;
/** Bytes of an answer: a file's description is a few hundred. */
const maxBytes = 64 * 1024;
/** Between two looks at a file that is being read, and how long it is looked at in all. */
const pollMs = { first: 100, most: 5000, all: 60_000 } as const;

export function createGeminiFiles(options: GeminiFilesOptions): GeminiFiles {
  const call = createProviderCall(provider, options);
  const send = (request: Omit<ProviderRequest, "maxBytes">) => call({ ...request, maxBytes });

  const find = async (name: string, signal: AbortSignal): Promise<ProviderFile | null> => {
    const answer = await send({
      url: `${options.baseUrl}/v1beta/${name}`,
      method: "GET",
      headers: {},
      signal,
      timeoutMs: timeoutMs.look,
    });
    if (!answer.ok) return thrownUnlessGone(answer);
    const file = fileSchema.safeParse(jsonOf(answer));
    if (!file.success) throw confused("described the file in an unknown way");
    return file.data;
  };

  /** Not under an item's signal by default: the file must go even when the work was aborted. */
  const erase = async (
    file: { name: string },
    signal: AbortSignal = new AbortController().signal,
  ): Promise<void> => {
    const answer = await send({
      url: `${options.baseUrl}/v1beta/${file.name}`,
      method: "DELETE",
      headers: {},
      signal,
      timeoutMs: timeoutMs.delete,
    });
    if (!answer.ok) thrownUnlessGone(answer);
  };

  return {
    find,
    erase,
    upload: createUpload(send, {
      baseUrl: options.baseUrl,
      sleep: options.sleep,
      chunkBytes: options.chunkBytes ?? 8 * 1024 * 1024,
    }),

    async waitUntilActive(file, signal) {
      let current = file;
      let wait: number = pollMs.first;
      for (let waited = 0; current.state === "PROCESSING"; waited += wait) {
        if (waited >= pollMs.all) throw new StageError("provider_pending", "defer");
        wait = Math.min(wait * 1.5, pollMs.most);
        await options.sleep(wait, signal);
        const found = await find(file.name, signal);
        if (found === null) throw lost();
        current = found;
      }
      if (current.state === "ACTIVE") return current;
      const detail = `${provider} could not read it: ${current.error?.message ?? current.state}`;
      throw new StageError("video_unreadable", "fail", { detail });
    },

    async delete(file) {
      await erase(file).catch(() => undefined);
    },
  };
}

/** Seconds of video that the provider measured, or null. */
export function measuredSeconds(file: ProviderFile): number | null {
  const text = file.videoMetadata?.videoDuration;
  return text === undefined ? null : Number.parseFloat(text);
}

/** Of a file that expired Gemini says that one may not see it. */
function thrownUnlessGone(answer: ProviderAnswer): null {
  const failure = readFailure(provider, answer);
  const error = stageErrorOf(failure);
  const isGone = failure.httpStatus === 403 || failure.httpStatus === 404;
  if (isGone && error.code === "provider_rejected") return null;
  throw error;
}

function lost(): StageError {
  return new StageError("provider_rejected", "retry", { detail: `${provider} lost the video` });
}
