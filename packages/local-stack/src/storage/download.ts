import { noSuchKey } from "./errors.ts";
import { streamFile } from "./file-stream.ts";
import { type FileArea, hasCode } from "./files.ts";
import type { ObjectRow } from "./objects.ts";
import { parseRange } from "./range.ts";

export interface DownloadOptions {
  /** Looks the object up again: it may be replaced between reading the row and opening the file. */
  find(): Promise<ObjectRow | undefined>;
  /** When the signed link that led here ends. */
  expires?: Date;
}

/** Answers GET and HEAD for one object: ranges, validators, `?download`. */
export async function downloadObject(
  files: FileArea,
  request: Request,
  { find, expires }: DownloadOptions,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const object = await find();
    if (!object?.version) throw noSuchKey();
    try {
      return await respond(files, request, object, object.version, expires);
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
      if (attempt === 3) throw noSuchKey();
    }
  }
}

async function respond(
  files: FileArea,
  request: Request,
  object: ObjectRow,
  version: string,
  expires: Date | undefined,
): Promise<Response> {
  const headers = describe(object, request);
  if (expires) headers.set("expires", expires.toUTCString());
  if (isUnchanged(request.headers, headers)) return new Response(null, { status: 304, headers });

  const handle = await files.open(version);
  let streaming = false;
  try {
    const { size } = await handle.stat();
    const wanted = rangeApplies(request.headers, headers) ? request.headers.get("range") : null;
    headers.set("accept-ranges", "bytes");
    const range = parseRange(wanted, size);
    const { start, end } = range ?? { start: 0, end: size - 1 };
    headers.set("content-length", String(end - start + 1));
    if (range) headers.set("content-range", `bytes ${start}-${end}/${size}`);
    const status = range ? 206 : 200;
    // A HEAD request and an empty file have nothing to stream.
    if (request.method === "HEAD" || end < start) return new Response(null, { status, headers });

    streaming = true;
    return new Response(streamFile(handle, start, end), { status, headers });
  } finally {
    if (!streaming) await handle.close();
  }
}

function describe(object: ObjectRow, request: Request): Headers {
  const { mimetype = "application/octet-stream", cacheControl, eTag } = object.metadata ?? {};
  const headers = new Headers({
    // As on hosted: pages kept here must not run under the project's own address.
    "content-type": mimetype.includes("text/html") ? "text/plain" : mimetype,
    "cache-control": cacheControl ?? "no-cache",
    "last-modified": new Date(object.updated_at).toUTCString(),
  });
  if (eTag) headers.set("etag", eTag);
  const download = new URL(request.url).searchParams.get("download");
  if (download === "") headers.set("content-disposition", "attachment;");
  else if (download !== null) {
    const name = encodeURIComponent(download);
    headers.set("content-disposition", `attachment; filename=${name}; filename*=UTF-8''${name};`);
  }
  return headers;
}

/** `If-None-Match` outranks `If-Modified-Since` (RFC 9110). */
function isUnchanged(asked: Headers, has: Headers): boolean {
  const tags = asked.get("if-none-match");
  if (tags !== null) {
    const eTag = has.get("etag");
    return tags.split(",").some((tag) => [eTag, `W/${eTag}`, "*"].includes(tag.trim()));
  }
  const since = asked.get("if-modified-since");
  return since !== null && Date.parse(has.get("last-modified") ?? "") <= Date.parse(since);
}

/** A range of another version than the client began with would be spliced into a broken file. */
function rangeApplies(asked: Headers, has: Headers): boolean {
  const condition = asked.get("if-range");
  return (
    condition === null || condition === has.get("etag") || condition === has.get("last-modified")
  );
}
