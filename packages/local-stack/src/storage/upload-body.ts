import { Readable } from "node:stream";
import { invalidRequest } from "./errors.ts";
import { readMultipart } from "./multipart.ts";
import { receiveFile } from "./receive.ts";
import { parseMetadataHeader, type UserMetadata } from "./user-metadata.ts";

/** A file that has arrived whole, with what its sender said about it. */
export interface ReceivedFile {
  size: number;
  mimeType: string;
  cacheControl: string;
  userMetadata: UserMetadata | null;
}

/** Where to put the bytes, and what to hold them against. */
export interface Destination {
  path: string;
  limitBytes: number | null;
  /** Called before the first byte is taken; throws where the type is not welcome. */
  checkMimeType(mimeType: string): void;
}

/** Takes the file of an upload request: the raw body, or the one file of a form. */
export async function receiveUpload(request: Request, to: Destination): Promise<ReceivedFile> {
  const contentType = request.headers.get("content-type") ?? "application/octet-stream";
  if (contentType.toLowerCase().startsWith("multipart/form-data")) {
    return readMultipart(request, contentType, to);
  }

  to.checkMimeType(contentType);
  const size = await receiveFile(bodyStream(request), to.path, to.limitBytes);
  return {
    size,
    mimeType: contentType,
    cacheControl: request.headers.get("cache-control") ?? "no-cache",
    userMetadata: parseMetadataHeader(request.headers.get("x-metadata")),
  };
}

/**
 * The body as a Node stream that fails where fewer bytes come than were announced: an upload
 * that was cut off must never look like a whole, shorter file.
 */
export function bodyStream(request: Request): Readable {
  if (!request.body) return Readable.from([]);
  const announced = request.headers.get("content-length");
  return Readable.from(
    announced === null ? request.body : counted(request.body, Number(announced)),
  );
}

async function* counted(
  body: ReadableStream<Uint8Array>,
  announced: number,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    yield chunk;
  }
  if (received !== announced) {
    throw invalidRequest(`The upload ended after ${received} of ${announced} bytes`);
  }
}
