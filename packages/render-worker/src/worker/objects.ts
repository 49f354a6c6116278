import { openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import { limits } from "@sideline/contracts";
import type { DatabaseClient } from "@sideline/database";
import { StageError } from "../../../../supabase/functions/_shared/errors.ts";
import type { Storage } from "../../../../supabase/functions/_shared/storage.ts";
import { RenderError } from "../render-error.ts";

const bucket = "processed";
const pieceBytes = 8 * 1024 * 1024;

/**
 * Fetches an object piece by piece into a file, with the service role.
 * @returns its bytes. Throws RenderError `element_missing`, `element_too_large`; StageError
 */
export async function download(
  storage: Storage,
  place: { bucket: string; path: string },
  file: string,
  signal: AbortSignal,
): Promise<number> {
  await using handle = await open(file, "wx");
  let version: string | null = null;
  let size = Number.POSITIVE_INFINITY;
  let start = 0;
  while (start < size) {
    const piece = await storage.read({ ...place, start, end: start + pieceBytes }, signal);
    if (!piece || piece.size === 0) throw new RenderError("element_missing", "no such object");
    if (piece.size > limits.videoBytes) {
      throw new RenderError("element_too_large", `an object of ${piece.size} bytes`);
    }
    if (start > 0 && piece.version !== version) {
      throw new StageError("internal_error", "retry", { detail: "an object was replaced" });
    }
    version = piece.version;
    size = piece.size;
    await handle.write(piece.bytes, 0, piece.bytes.length, start);
    start += piece.bytes.length;
  }
  return size;
}

/** The folder of one render's files: whoever completes it, or ends it, leaves no other there. */
export interface RenderFolder {
  pathOf(name: string): string;
  upload(file: string, path: string, contentType: string, signal: AbortSignal): Promise<void>;
  /** Removes all but this one. */
  removeOthers(kept: string | null): Promise<void>;
}

export function renderFolder(
  client: DatabaseClient,
  { user_id, id }: { user_id: string; id: number },
): RenderFolder {
  const folder = `${user_id}/renders/${id}`;
  const objects = client.storage.from(bucket);
  return {
    pathOf: (name) => `${folder}/${name}`,
    async upload(file, path, contentType, signal) {
      // Read from the disk as it is sent.
      const body = await openAsBlob(file, { type: contentType });
      signal.throwIfAborted();
      const { error } = await objects.upload(path, body, {
        contentType,
        upsert: true,
        // The name holds the content's hash, so the content never changes.
        cacheControl: "31536000",
      });
      signal.throwIfAborted();
      if (error) throw refusal(error);
    },
    async removeOthers(kept) {
      const { data, error } = await objects.list(folder, { limit: 100 });
      if (error) throw refusal(error);
      const others = data.map(({ name }) => `${folder}/${name}`).filter((path) => path !== kept);
      if (others.length === 0) return;
      const removed = await objects.remove(others);
      if (removed.error) throw refusal(removed.error);
    },
  };
}

function refusal(error: Error): Error {
  const status = "statusCode" in error ? Number(error.statusCode) : Number.NaN;
  if (status === 413) return new RenderError("render_too_large", "the storage refused its size");
  const detail = `the file storage: ${Number.isNaN(status) ? error.name : `status ${status}`}`;
  return new StageError("internal_error", "defer", { detail, cause: error });
}
