import type { Hono } from "hono";
import { type Caller, serviceRole } from "../caller.ts";
import { requireBucket } from "./buckets.ts";
import type { StorageContext, StorageDeps, StorageEnv } from "./context.ts";
import { downloadObject } from "./download.ts";
import { invalidRequest, noSuchBucket, noSuchKey } from "./errors.ts";
import { findObject, inStorage, type ObjectRow } from "./objects.ts";
import { targetOf } from "./target.ts";

/** Reading objects (GET, and HEAD on the same routes): by right, from public buckets, by signed link. */
export function addDownloadRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  const find = (caller: Caller, bucket: string, name: string) => () =>
    inStorage(deps.sql, caller, (tx) => findObject(tx, bucket, name));

  app.get("/object/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const token = c.req.query("token");
    if (!token) throw invalidRequest("querystring must have required property 'token'");
    const expires = await deps.tokens.verifyDownload(token, `${bucket}/${name}`);
    const options = { find: find(serviceRole, bucket, name), expires };
    return downloadObject(deps.files, c.req.raw, options);
  });

  app.get("/object/public/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    await requirePublic(deps, bucket);
    return downloadObject(deps.files, c.req.raw, { find: find(serviceRole, bucket, name) });
  });

  app.get("/object/info/public/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    await requirePublic(deps, bucket);
    return info(c, await find(serviceRole, bucket, name)());
  });

  const infoRoute = async (c: StorageContext) => {
    const { bucket, name } = targetOf(c);
    const reader = await readerOf(deps, c.env.caller, bucket);
    return info(c, await find(reader, bucket, name)());
  };
  app.get("/object/info/authenticated/:bucket/:name{.+}", infoRoute);
  app.get("/object/info/:bucket/:name{.+}", infoRoute);

  const download = async (c: StorageContext) => {
    const { bucket, name } = targetOf(c);
    const reader = await readerOf(deps, c.env.caller, bucket);
    return downloadObject(deps.files, c.req.raw, { find: find(reader, bucket, name) });
  };
  app.get("/object/authenticated/:bucket/:name{.+}", download);
  app.get("/object/:bucket/:name{.+}", download);
}

/** Public buckets are read without asking the policies. */
async function readerOf(deps: StorageDeps, caller: Caller, bucket: string): Promise<Caller> {
  if ((await requireBucket(deps.sql, bucket)).public) return serviceRole;
  if (caller.isNobody) throw noSuchBucket();
  return caller;
}

async function requirePublic(deps: StorageDeps, bucket: string): Promise<void> {
  if (!(await requireBucket(deps.sql, bucket)).public) throw noSuchBucket();
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
