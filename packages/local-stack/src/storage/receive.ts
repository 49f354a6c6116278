import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy } from "@fastify/busboy";
import { z } from "zod";
import { diskFull, entityTooLarge, invalidRequest } from "./errors.ts";
import { hasCode } from "./files.ts";

/** Takes the file of an upload request: the raw body, or the one file of a form. */
export async function receiveUpload(request: Request, to: Destination): Promise<ReceivedFile> {
  const contentType = request.headers.get("content-type") ?? "application/octet-stream";
  if (contentType.toLowerCase().startsWith("multipart/form-data")) {
    return readMultipart(request, contentType, to);
  }

  const userMetadata = parseMetadataHeader(request.headers.get("x-metadata"));
  await to.admit({ mimeType: contentType, userMetadata });
  const size = await receiveFile(bodyStream(request), to.path, to.limitBytes);
  return {
    size,
    mimeType: contentType,
    cacheControl: request.headers.get("cache-control") ?? "no-cache",
    userMetadata,
  };
}

/** A file that has arrived whole, with what its sender said about it. */
interface ReceivedFile {
  size: number;
  mimeType: string;
  cacheControl: string;
  userMetadata: UserMetadata | null;
}

/** Where to put the bytes, and what to hold them against. */
interface Destination {
  path: string;
  limitBytes: number | null;
  /** Asked once all is known that its sender says of the file; throws where it is not welcome. */
  admit(file: Pick<ReceivedFile, "mimeType" | "userMetadata">): Promise<void>;
}

/**
 * The body as a Node stream that fails where fewer bytes come than were announced: an upload
 * that was cut off must never look like a whole, shorter file.
 */
function bodyStream({ body, headers }: Request): Readable {
  const announced = headers.get("content-length");
  return Readable.from(
    (async function* counted() {
      let received = 0;
      for await (const chunk of body ?? []) {
        received += chunk.length;
        yield chunk;
      }
      if (announced === null || received === Number(announced)) return;
      throw invalidRequest(`The upload ended after ${received} of ${announced} bytes`);
    })(),
  );
}

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
  // Where the sender is gone, or somebody reads already, nobody is waiting for us.
  await request.body.pipeTo(new WritableStream()).catch(() => {});
}

/**
 * A form as storage-js and browsers send it: `cacheControl`, `metadata` and `contentType` fields
 * in any order, and one file under any name (storage-js leaves the name empty).
 */
async function readMultipart(
  request: Request,
  contentType: string,
  to: Destination,
): Promise<ReceivedFile> {
  const fields = new Map<string, string>();
  const parts: { stream: Readable; type: string; received: Promise<number> }[] = [];

  const form = new Busboy({
    headers: { "content-type": contentType },
    limits: { files: 1, fields: 10, fieldSize: 1024 * 1024 },
  });
  form.on("field", (name, value) => fields.set(name, value));
  form.on("file", (_field, stream, _fileName, _encoding, partType) => {
    const received = receiveFile(stream, to.path, to.limitBytes);
    received.catch((error: Error) => {
      // The form waits for its part: read a refused one to its end, give up on a broken one.
      if (stream.destroyed && !stream.readableEnded) form.destroy(error);
      else stream.resume();
    });
    parts.push({ stream, type: partType, received });
  });

  try {
    await pipeline(bodyStream(request), form);
  } catch (error) {
    for (const part of parts) part.stream.destroy(new Error("the form was cut off"));
    await Promise.allSettled(parts.map((part) => part.received));
    throw error;
  }

  const [part] = parts;
  if (!part) throw invalidRequest("No content provided");
  // Only now: fields behind the file say what it is, too.
  const file = {
    mimeType: fields.get("contentType") ?? part.type,
    userMetadata: parseUserMetadata(fields.get("metadata") ?? fields.get("userMetadata")),
  };
  await to.admit(file);
  const size = await part.received;
  const seconds = fields.get("cacheControl");
  return { ...file, size, cacheControl: seconds ? `max-age=${seconds}` : "no-cache" };
}

const userMetadataSchema = z.record(z.string(), z.json());

/** What an application stores beside an object. */
export type UserMetadata = z.infer<typeof userMetadataSchema>;

const maxBytes = 1024 * 1024;

/** As hosted: text that is no JSON object counts as none. */
export function parseUserMetadata(text: string | null | undefined): UserMetadata | null {
  if (!text) return null;
  if (Buffer.byteLength(text) > maxBytes) throw entityTooLarge();
  try {
    return userMetadataSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The `x-metadata` header: the same, in base64. */
export function parseMetadataHeader(header: string | null): UserMetadata | null {
  return parseUserMetadata(header && Buffer.from(header, "base64").toString("utf8"));
}
