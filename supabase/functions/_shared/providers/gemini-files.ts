import { z } from "zod";
import { StageError } from "../errors.ts";
import { type Chunk, chunksOf } from "./chunks.ts";
import {
  createProviderCall,
  jsonOf,
  type ProviderAnswer,
  type ProviderRequest,
} from "./provider-call.ts";
import { failureOf, readFailure, stageErrorOf } from "./provider-failure.ts";

/** What the provider calls a file; it becomes part of addresses. */
export const fileNameSchema = z.string().regex(/^files\/[\w-]{1,100}$/);
const fileSchema = z.object({
  name: fileNameSchema,
  uri: z.string().min(1).max(1000),
  mimeType: z.string().max(200).optional(),
  state: z.string(),
  videoMetadata: z
    .object({
      videoDuration: z
        .string()
        .regex(/^\d+(\.\d+)?s$/)
        .optional(),
    })
    .optional(),
  error: z.object({ message: z.string().optional() }).optional(),
});
/** A file at the provider: `state` is PROCESSING, ACTIVE or FAILED. */
export type ProviderFile = z.infer<typeof fileSchema>;
const uploadedSchema = z.object({ file: fileSchema });

export interface Upload {
  body: ReadableStream<Uint8Array>;
  /** Bytes; null when the source does not say. */
  size: number | null;
  mimeType: string;
  displayName: string;
  signal: AbortSignal;
}

/** Gemini's Files API, by fetch: the SDK's own uploader holds the whole file and cannot resume. */
export interface GeminiFiles {
  /** Passes a stream on in chunks; one chunk is in memory at a time. */
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
}

export interface GeminiFilesOptions {
  apiKey: string;
  baseUrl: string;
  fetch: typeof fetch;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A multiple of 256 KiB; 8 MiB unless told. */
  chunkBytes?: number;
}

const provider = "Gemini";
const chunkAttempts = 4;
const timeoutMs = { short: 30_000, chunk: 120_000, delete: 10_000 } as const;
/** Bytes of an answer: a file's description is a few hundred. */
const maxBytes = 64 * 1024;
/** Between two looks at a file that is being read, and how long it is looked at in all. */
const pollMs = { first: 100, most: 5000, all: 60_000 } as const;

export function createGeminiFiles(options: GeminiFilesOptions): GeminiFiles {
  const chunkBytes = options.chunkBytes ?? 8 * 1024 * 1024;

  const call = createProviderCall(provider, options);
  const send = (request: Omit<ProviderRequest, "maxBytes">) => call({ ...request, maxBytes });

  const start = async (upload: Upload): Promise<string> => {
    const answer = await send({
      url: `${options.baseUrl}/upload/v1beta/files`,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-type": upload.mimeType,
        ...(upload.size === null
          ? {}
          : { "x-goog-upload-header-content-length": String(upload.size) }),
      },
      body: JSON.stringify({ file: { displayName: upload.displayName } }),
      signal: upload.signal,
      timeoutMs: timeoutMs.short,
    });
    if (!answer.ok) throw failureOf(provider, answer);
    const url = answer.headers.get("x-goog-upload-url") ?? "";
    // The video and the key go there: nobody but the provider we know may name the place.
    if (originOf(url) !== originOf(options.baseUrl)) {
      throw confused("gave no address of its own to upload to");
    }
    return url;
  };

  const command = (url: string, name: string, signal: AbortSignal, chunk?: Chunk) =>
    send({
      url,
      method: "POST",
      headers: {
        "x-goog-upload-command": name,
        ...(chunk ? { "x-goog-upload-offset": String(chunk.offset) } : {}),
      },
      ...(chunk ? { body: chunk.bytes } : {}),
      signal,
      timeoutMs: chunk ? timeoutMs.chunk : timeoutMs.short,
    });

  /** Bytes of the upload that the provider has; asked after a chunk went astray. */
  const received = async (url: string, signal: AbortSignal): Promise<number> => {
    const answer = await command(url, "query", signal);
    if (!answer.ok) throw failureOf(provider, answer);
    const size = Number(answer.headers.get("x-goog-upload-size-received") ?? Number.NaN);
    if (!Number.isSafeInteger(size)) throw confused("lost count of the upload");
    return size;
  };

  /** Sends one chunk; a part that got lost on the way is sent again, and only that. */
  const sendChunk = async (
    url: string,
    chunk: Chunk,
    signal: AbortSignal,
  ): Promise<ProviderAnswer> => {
    const name = chunk.last ? "upload, finalize" : "upload";
    let rest = chunk;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await command(url, name, signal, rest);
        if (answer.ok) return answer;
        throw failureOf(provider, answer);
      } catch (error) {
        const lost = error instanceof StageError && error.code === "provider_unavailable";
        if (!lost || attempt === chunkAttempts) throw error;
        await options.sleep(200 * 2 ** attempt, signal);
        const done = (await received(url, signal)) - chunk.offset;
        if (done < 0 || done > chunk.bytes.length) throw confused("lost part of the upload");
        rest = { ...chunk, offset: chunk.offset + done, bytes: chunk.bytes.subarray(done) };
      }
    }
  };

  const find = async (name: string, signal: AbortSignal): Promise<ProviderFile | null> => {
    const answer = await send({
      url: `${options.baseUrl}/v1beta/${name}`,
      method: "GET",
      headers: {},
      signal,
      timeoutMs: timeoutMs.short,
    });
    if (!answer.ok) {
      const failure = readFailure(provider, answer);
      // Of a file that expired Gemini says that one may not see it.
      const error = stageErrorOf(failure);
      const isGone = failure.httpStatus === 403 || failure.httpStatus === 404;
      if (isGone && error.code === "provider_rejected") return null;
      throw error;
    }
    const file = fileSchema.safeParse(jsonOf(answer));
    if (!file.success) throw confused("described the file in an unknown way");
    return file.data;
  };

  return {
    find,

    async upload(upload) {
      const url = await start(upload);
      for await (const chunk of chunksOf(upload.body, chunkBytes)) {
        const answer = await sendChunk(url, chunk, upload.signal);
        if (!chunk.last) continue;
        const uploaded = uploadedSchema.safeParse(jsonOf(answer));
        if (!uploaded.success) throw confused("did not confirm the upload");
        return uploaded.data.file;
      }
      throw new StageError("video_empty", "fail");
    },

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
      // Not under the item's signal: the file must go even when the work was aborted.
      await send({
        url: `${options.baseUrl}/v1beta/${file.name}`,
        method: "DELETE",
        headers: {},
        signal: new AbortController().signal,
        timeoutMs: timeoutMs.delete,
      }).catch(() => undefined);
    },
  };
}

/** Seconds of video that the provider measured, or null. */
export function measuredSeconds(file: ProviderFile): number | null {
  const text = file.videoMetadata?.videoDuration;
  return text === undefined ? null : Number.parseFloat(text);
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

function confused(what: string): StageError {
  return new StageError("provider_unavailable", "defer", { detail: `${provider} ${what}` });
}

function lost(): StageError {
  return new StageError("provider_rejected", "retry", { detail: `${provider} lost the video` });
}
