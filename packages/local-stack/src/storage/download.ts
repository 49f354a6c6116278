import { Readable } from "node:stream";
import type { Hono } from "hono";
import { serviceRole } from "../caller.ts";
import { requireBucket } from "./buckets.ts";
import { type StorageContext, type StorageDeps, type StorageEnv, targetOf } from "./context.ts";
import { invalidRange, invalidRequest, noSuchBucket, noSuchKey } from "./errors.ts";
import { type FileArea, hasCode } from "./files.ts";
import { lookUp, type ObjectRow } from "./objects.ts";

/** Finds an object for who may read it; again after each call, for it may be replaced meanwhile. */
type Find = () => Promise<ObjectRow | undefined>;

/** Reading objects (GET, and HEAD on the same routes): by right, from public buckets, by signed link. */
export function addDownloadRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  const { sql, files, tokens } = deps;

  /** Public buckets are read without asking the policies. */
  async function finder(c: StorageContext, isPublicPath: boolean): Promise<Find> {
    const { bucket, name } = targetOf(c);
    const isPublic = (await requireBucket(sql, bucket)).public;
    if (!isPublic && (isPublicPath || c.env.caller.isNobody)) throw noSuchBucket();
    const reader = isPublic ? serviceRole : c.env.caller;
    return () => lookUp(sql, reader, bucket, name);
  }

  app.get("/object/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const token = c.req.query("token");
    if (!token) throw invalidRequest("querystring must have required property 'token'");
    const expires = await tokens.verifyDownload(token, `${bucket}/${name}`);
    const find = () => lookUp(sql, serviceRole, bucket, name);
    return downloadObject(files, c.req.raw, find, expires);
  });

  for (const door of ["/public", "/authenticated", ""]) {
    const isPublic = door === "/public";
    app.get(`/object/info${door}/:bucket/:name{.+}`, async (c) =>
      info(c, await (await finder(c, isPublic))()),
    );
  }
  for (const door of ["/public", "/authenticated", ""]) {
    const isPublic = door === "/public";
    app.get(`/object${door}/:bucket/:name{.+}`, async (c) =>
      downloadObject(files, c.req.raw, await finder(c, isPublic)),
    );
  }
}

function info(c: StorageContext, object: ObjectRow | undefined): Response {
  if (!object) throw noSuchKey();
  const { size, mimetype, cacheControl, eTag } = object.metadata ?? {};
  if (eTag) c.header("etag", eTag);
  if (cacheControl) c.header("cache-control", cacheControl);
  c.header("last-modified", new Date(object.updated_at).toUTCString());
  return c.json({
    id: object.id,
    name: object.name,
    version: object.version,
    bucket_id: object.bucket_id,
    size: size ?? null,
    content_type: mimetype ?? null,
    cache_control: cacheControl ?? null,
    etag: eTag ?? null,
    metadata: object.user_metadata,
    last_modified: object.updated_at,
    created_at: object.created_at,
  });
}

/**
 * Answers GET and HEAD for one object: ranges, validators, `?download`.
 * @param expires when the signed link that led here ends
 */
async function downloadObject(
  files: FileArea,
  request: Request,
  find: Find,
  expires?: Date,
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
    // Closes the file at its end, on failure, and when the reader goes away.
    const bytes = handle.createReadStream({ start, end, highWaterMark: 256 * 1024 });
    return new Response(Readable.toWeb(bytes) as ReadableStream, { status, headers });
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

/**
 * The one range a request asks for, or null for the whole object. Several ranges at once and
 * headers that cannot be read are answered with the whole object, as RFC 9110 allows.
 * @returns both ends included
 * @throws StorageError 416 where the range lies behind the object's end
 */
function parseRange(header: string | null, size: number) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;

  if (first === "") {
    const suffix = Number(last);
    if (suffix === 0 || size === 0) throw invalidRange(size);
    return { start: Math.max(0, size - suffix), end: size - 1 };
  }

  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return null;
  if (start >= size) throw invalidRange(size);
  return { start, end };
}
