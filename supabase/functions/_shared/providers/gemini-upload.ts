import { z } from "zod";
import { StageError } from "../errors.ts";
import { ToBeContinued } from "../worker/abort.ts";
import { confused, fileSchema, type ProviderFile, provider } from "./gemini-file.ts";
import { jsonOf, type ProviderAnswer, type ProviderRequest } from "./provider-call.ts";
import { failureOf } from "./provider-failure.ts";

/** Where an upload goes on, and how much of it the provider has said to have. */
export interface Begun {
  address: string;
  /** Bytes. */
  sent: number;
}

/** A file that is read in pieces. */
export interface Upload {
  size: number;
  /** Bytes from `start` up to, not including, `end`. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  mimeType: string;
  displayName: string;
  /** What an earlier attempt has kept of its upload, if there was one. */
  begun: Begun | null;
  /** Keeps where it goes on, should it take more than one piece. */
  keep(begun: Begun): Promise<void>;
  /** Whether so many bytes more may be sent now. */
  mayPass(bytes: number): boolean;
  signal: AbortSignal;
}

interface Chunk {
  offset: number;
  bytes: Uint8Array<ArrayBuffer>;
  last: boolean;
}

interface Position {
  address: string;
  offset: number;
  /** Where all was sent before and only the answer was lost. */
  file?: ProviderFile;
}

export interface UploadOptions {
  baseUrl: string;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A multiple of 256 KiB. */
  chunkBytes: number;
}

const uploadedSchema = z.object({ file: fileSchema });

const chunkAttempts = 4;
const timeoutMs = { command: 30_000, chunk: 120_000 } as const;

/** The Files API's resumable upload; `send` is one call of the provider. */
export function createUpload(
  send: (request: Omit<ProviderRequest, "maxBytes">) => Promise<ProviderAnswer>,
  { baseUrl, sleep, chunkBytes }: UploadOptions,
): (upload: Upload) => Promise<ProviderFile> {
  const start = async (upload: Upload): Promise<string> => {
    const answer = await send({
      url: `${baseUrl}/upload/v1beta/files`,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-type": upload.mimeType,
        "x-goog-upload-header-content-length": String(upload.size),
      },
      body: JSON.stringify({ file: { displayName: upload.displayName } }),
      signal: upload.signal,
      timeoutMs: timeoutMs.command,
    });
    if (!answer.ok) throw failureOf(provider, answer);
    const url = answer.headers.get("x-goog-upload-url") ?? "";
    // The video and the key go there: nobody but the provider we know may name the place.
    if (originOf(url) !== originOf(baseUrl)) {
      throw confused("gave no address of its own to upload to");
    }
    return url;
  };

  /** Where an upload begins or goes on; one that the provider knows no more begins anew. */
  const resume = async (upload: Upload): Promise<Position> => {
    const { begun, signal } = upload;
    if (begun !== null && originOf(begun.address) === originOf(baseUrl)) {
      const { address, sent } = begun;
      const answer = await command(address, "query", signal);
      const error = answer.ok ? null : failureOf(provider, answer);
      // A provider that is away says nothing of the upload.
      if (error !== null && error.code !== "provider_rejected") throw error;
      const isFinal = answer.headers.get("x-goog-upload-status") === "final";
      const file = isFinal ? uploadedSchema.safeParse(jsonOf(answer)).data?.file : undefined;
      if (file) return { address, offset: upload.size, file };
      const offset = isFinal || error !== null ? null : receivedOf(answer);
      // Else an upload that never gets further would go on for ever, no attempt of it counted.
      if (offset !== null && offset < sent) throw lost();
      if (offset !== null && offset <= upload.size) return { address, offset };
    }
    const address = await start(upload);
    if (upload.size > chunkBytes) await upload.keep({ address, sent: 0 });
    return { address, offset: 0 };
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
      timeoutMs: chunk ? timeoutMs.chunk : timeoutMs.command,
    });

  /** Bytes of the upload that the provider has; asked after a chunk went astray. */
  const received = async (url: string, signal: AbortSignal): Promise<number> => {
    const answer = await command(url, "query", signal);
    if (!answer.ok) throw failureOf(provider, answer);
    const size = receivedOf(answer);
    if (size === null) throw confused("lost count of the upload");
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
        await sleep(200 * 2 ** attempt, signal);
        const done = (await received(url, signal)) - chunk.offset;
        if (done < 0 || done > chunk.bytes.length) throw confused("lost part of the upload");
        rest = { ...chunk, offset: chunk.offset + done, bytes: chunk.bytes.subarray(done) };
      }
    }
  };

  return async (upload) => {
    const { address, offset: begin, file } = await resume(upload);
    if (file) return file;
    for (let offset = begin; ; ) {
      const end = Math.min(offset + chunkBytes, upload.size);
      if (!upload.mayPass(end - offset)) {
        if (offset > begin) await upload.keep({ address, sent: offset });
        throw new ToBeContinued();
      }
      const bytes = end === offset ? new Uint8Array() : await upload.read(offset, end);
      const last = end === upload.size;
      const answer = await sendChunk(address, { offset, bytes, last }, upload.signal);
      offset = end;
      if (!last) continue;
      const uploaded = uploadedSchema.safeParse(jsonOf(answer));
      if (!uploaded.success) throw confused("did not confirm the upload");
      return uploaded.data.file;
    }
  };
}

function lost(): StageError {
  const detail = `${provider} lost what it had of the upload`;
  return new StageError("provider_rejected", "retry", { detail });
}

/** Null where the answer names no number. */
function receivedOf(answer: ProviderAnswer): number | null {
  const text = answer.headers.get("x-goog-upload-size-received") ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
