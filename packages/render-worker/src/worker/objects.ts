import { openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import { limits } from "@sideline/contracts";
import { StageError } from "../../../../supabase/functions/_shared/errors.ts";
import type { Storage } from "../../../../supabase/functions/_shared/storage.ts";
import { RenderError } from "../render-error.ts";

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

/** Stores a file, read from the disk as it is sent. Throws RenderError, StageError. */
export async function upload(
  storage: Storage,
  file: string,
  object: { path: string; contentType: string; signal: AbortSignal },
): Promise<void> {
  const bytes = await openAsBlob(file, { type: object.contentType });
  try {
    await storage.put({ bucket: "processed", bytes, ...object });
  } catch (error) {
    if (!(error instanceof StageError) || error.code !== "audio_too_large") throw error;
    throw new RenderError("render_too_large", "the storage refused its size");
  }
}
