import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { diskFull, entityTooLarge } from "./errors.ts";
import { hasCode } from "./files.ts";

/**
 * Streams an upload into a file and syncs it. Past the limit nothing more is written, but the
 * rest is read and thrown away: a client still sending would not hear the refusal otherwise.
 * On any failure the file is gone.
 * @returns bytes written
 * @throws StorageError 413 past the limit
 */
export async function receiveFile(
  source: Readable,
  path: string,
  limitBytes: number | null,
): Promise<number> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (limitBytes !== null && size > limitBytes) done();
      else done(null, chunk);
    },
  });

  try {
    await pipeline(source, meter, createWriteStream(path, { flush: true, mode: 0o600 }));
    if (limitBytes !== null && size > limitBytes) throw entityTooLarge();
    return size;
  } catch (error) {
    await rm(path, { force: true });
    throw hasCode(error, "ENOSPC") ? diskFull() : error;
  }
}

/** Reads a refused request to its end, so that its sender gets to read the answer. */
export async function discardBody(request: Request): Promise<void> {
  if (!request.body || request.bodyUsed) return;
  try {
    const reader = request.body.getReader();
    while (!(await reader.read()).done);
  } catch {
    // The sender is gone, or somebody reads already: nobody is waiting for us.
  }
}
