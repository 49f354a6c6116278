import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy } from "@fastify/busboy";
import { invalidRequest } from "./errors.ts";
import { receiveFile } from "./receive.ts";
import { bodyStream, type Destination, type ReceivedFile } from "./upload-body.ts";
import { parseUserMetadata } from "./user-metadata.ts";

/**
 * A form as storage-js and browsers send it: `cacheControl`, `metadata` and `contentType` fields
 * in any order, and one file under any name (storage-js leaves the name empty).
 */
export async function readMultipart(
  request: Request,
  contentType: string,
  to: Destination,
): Promise<ReceivedFile> {
  const fields = new Map<string, string>();
  const described = (partType: string) => ({
    mimeType: fields.get("contentType") ?? partType,
    userMetadata: parseUserMetadata(fields.get("metadata") ?? fields.get("userMetadata")),
  });
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
  const file = described(part.type);
  await to.admit(file);
  const size = await part.received;
  const seconds = fields.get("cacheControl");
  return { ...file, size, cacheControl: seconds ? `max-age=${seconds}` : "no-cache" };
}
