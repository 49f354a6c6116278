import { ApiError } from "../api-error.ts";

/** What the multipart protocol sends in one request: the file's description, and the file. */
export interface RelatedParts {
  description: string;
  mimeType: string;
  bytes: Buffer;
}

/** Reads `multipart/related` with exactly two parts, JSON and bytes. Throws 400. */
export function readRelated(contentType: string, body: Buffer): RelatedParts {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!/^multipart\/related\b/i.test(contentType) || boundary === undefined) throw malformed();
  const mark = `--${boundary}`;
  const second = body.indexOf(`\r\n${mark}\r\n`, mark.length);
  const end = body.lastIndexOf(`\r\n${mark}--`);
  if (!body.subarray(0, mark.length).equals(Buffer.from(mark)) || second < 0 || end < second) {
    throw malformed();
  }
  const first = readPart(body.subarray(mark.length + 2, second));
  const file = readPart(body.subarray(second + mark.length + 4, end));
  return {
    description: first.content.toString(),
    mimeType: /^content-type:\s*(.+?)\s*$/im.exec(file.head)?.[1] ?? "application/octet-stream",
    bytes: file.content,
  };
}

function readPart(part: Buffer): { head: string; content: Buffer } {
  const blank = part.indexOf("\r\n\r\n");
  if (blank < 0) throw malformed();
  return { head: part.subarray(0, blank).toString("latin1"), content: part.subarray(blank + 4) };
}

function malformed(): ApiError {
  return new ApiError(
    400,
    "A multipart upload has two parts: the file's description, and the file.",
  );
}
