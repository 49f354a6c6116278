import { Readable } from "node:stream";
import { invalidRequest } from "./errors.ts";
import type { UserMetadata } from "./user-metadata.ts";

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
  /** Asked once all is known that its sender says of the file; throws where it is not welcome. */
  admit(file: Pick<ReceivedFile, "mimeType" | "userMetadata">): Promise<void>;
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
