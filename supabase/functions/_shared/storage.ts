import { z } from "zod";
import { type Fate, StageError } from "./errors.ts";

/** A piece of an object, and what the whole is. */
export interface StoredPiece {
  bytes: Uint8Array<ArrayBuffer>;
  size: number;
  version: string | null;
}

/** Supabase Storage as the service role sees it. No signed URLs: the server needs none. */
export interface Storage {
  exists(bucket: string, path: string): Promise<boolean>;
  /** Bytes from `start` up to, not including, `end`, or to the object's end; null for no object. */
  read(
    place: { bucket: string; path: string; start: number; end: number },
    signal: AbortSignal,
  ): Promise<StoredPiece | null>;
  /**
   * The object as it comes from storage, or the piece of it that a `range` header names; null for
   * no object. Its body is the caller's to read or to hand on.
   */
  open(
    place: { bucket: string; path: string; method: "GET" | "HEAD"; range: string | null },
    signal: AbortSignal,
  ): Promise<Response | null>;
  /** Removes objects of one bucket, at most 1,000; those that are not there are gone already. */
  remove(bucket: string, paths: string[], signal: AbortSignal): Promise<void>;
  /** Writes an object, replacing one of the same name. */
  put(object: {
    bucket: string;
    path: string;
    /** A blob of a file is read as it is sent. */
    bytes: Uint8Array<ArrayBuffer> | Blob;
    contentType: string;
    signal: AbortSignal;
  }): Promise<void>;
}

export function createStorage(options: {
  url: string;
  secretKey: string;
  fetch: typeof fetch;
}): Storage {
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("apikey", options.secretKey);
    try {
      return await options.fetch(`${options.url}/storage/v1/object/${path}`, { ...init, headers });
    } catch (error) {
      init.signal?.throwIfAborted();
      throw unavailable("defer", "no answer", error);
    }
  };

  return {
    async read({ bucket, path, start, end }, signal) {
      if (!isPlain(path)) return null;
      const headers = { range: `bytes=${start}-${end - 1}` };
      const response = await request(`authenticated/${address(bucket, path)}`, { headers, signal });
      const version = response.headers.get("etag");
      if (response.status === 206) {
        const size = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1]);
        const bytes = await firstBytes(response, end - start);
        if (Number.isSafeInteger(size) && bytes.length > 0) return { bytes, size, version };
        throw unavailable("defer", "a piece without a size");
      }
      if (response.status === 416 || (response.status === 200 && contentLength(response) === 0)) {
        await response.body?.cancel();
        return { bytes: new Uint8Array(), size: 0, version };
      }
      await response.body?.cancel();
      if (response.status === 400 || response.status === 404) return null;
      throw response.ok ? unavailable("defer", "it gives no pieces") : refused(response.status);
    },

    async exists(bucket, path) {
      if (!isPlain(path)) return false;
      const response = await request(`authenticated/${address(bucket, path)}`, { method: "HEAD" });
      await response.body?.cancel();
      if (response.ok) return true;
      if (response.status === 400 || response.status === 404) return false;
      throw refused(response.status);
    },

    async open({ bucket, path, method, range }, signal) {
      if (!isPlain(path)) return null;
      const init: RequestInit = { method, signal };
      if (range !== null) init.headers = { range };
      const response = await request(`authenticated/${address(bucket, path)}`, init);
      if (response.ok || response.status === 416) return response;
      await response.body?.cancel();
      if (response.status === 400 || response.status === 404) return null;
      throw refused(response.status);
    },

    async remove(bucket, paths, signal) {
      const response = await request(encodeURIComponent(bucket), {
        method: "DELETE",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ prefixes: paths }),
        signal,
      });
      await response.body?.cancel();
      if (!response.ok) throw refused(response.status);
    },

    async put({ bucket, path, bytes, contentType, signal }) {
      if (!isPlain(path)) throw new Error("An object's path must have plain segments.");
      const response = await request(address(bucket, path), {
        method: "POST",
        headers: {
          "content-type": contentType,
          "x-upsert": "true",
          // The name holds the content's hash, so the content never changes.
          "cache-control": "max-age=31536000",
        },
        body: bytes,
        signal,
      });
      if (response.ok) return void (await response.body?.cancel());
      throw await notStored(response);
    },
  };
}

const refusalSchema = z.object({ statusCode: z.coerce.number() });

/** Storage says why in its body, some of it under status 400. What it refuses once it always will. */
async function notStored(response: Response): Promise<StageError> {
  const body = refusalSchema.safeParse(await response.json().catch(() => null));
  const status = response.status === 400 && body.success ? body.data.statusCode : response.status;
  if (status === 413) return new StageError("audio_too_large", "fail");
  return status === 400 || status === 415 || status === 422
    ? unavailable("fail", `status ${status}`)
    : refused(status);
}

/** Reads no more than was asked for, whatever comes. */
async function firstBytes(response: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(most);
  let filled = 0;
  for await (const piece of response.body?.values() ?? []) {
    const taken = piece.subarray(0, most - filled);
    bytes.set(taken, filled);
    filled += taken.length;
    if (filled === most) break;
  }
  return bytes.subarray(0, filled);
}

/** As a URL, any other path leads elsewhere, and the service role may go everywhere. */
function isPlain(path: string): boolean {
  return path.split("/").every((segment) => !/^\.{0,2}$/.test(segment));
}

function address(bucket: string, path: string): string {
  return `${bucket}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

function contentLength(response: Response): number | null {
  const length = response.headers.get("content-length");
  // Of a compressed answer it is the length on the wire.
  return length === null || response.headers.has("content-encoding") ? null : Number(length);
}

/** A storage that is not there is not the item's fault. */
function refused(status: number): StageError {
  const away = status >= 500 || status === 429 || status === 408;
  return unavailable(away ? "defer" : "retry", `status ${status}`);
}

function unavailable(fate: Fate, what: string, cause?: unknown): StageError {
  return new StageError("internal_error", fate, { detail: `the file storage: ${what}`, cause });
}
