import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { z } from "zod";
import { parseBody, type StorageDeps, type StorageEnv, targetOf } from "./context.ts";
import { accessDenied, imagesNotAvailable, invalidRequest, noSuchKey } from "./errors.ts";
import { parseKey } from "./limits.ts";
import { ask, asService, describeFile, lookUp, removeObjects } from "./objects.ts";
import { parseMetadataHeader } from "./receive.ts";
import { checkMayWrite, commitObject } from "./upload.ts";

const moveBody = z.object({
  bucketId: z.string(),
  sourceKey: z.string(),
  destinationBucket: z.string().nullish(),
  destinationKey: z.string(),
});
const copyBody = moveBody.extend({
  copyMetadata: z.boolean().nullish(),
  metadata: z
    .object({ cacheControl: z.string().optional(), mimetype: z.string().optional() })
    .nullish(),
});

/** Moving and copying, also from bucket to bucket. */
export function addMoveRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  app.post("/object/move", async (c) => {
    const { bucketId, sourceKey, destinationKey, ...body } = await parseBody(c, moveBody);
    parseKey(destinationKey);
    const { userId } = c.env.caller;
    // The file keeps its version: only its name changes, in one statement.
    const [moved] = await ask(deps.sql, c.env.caller)<{ id: string }>`
      update storage.objects
      set bucket_id = ${body.destinationBucket ?? bucketId}, name = ${destinationKey},
        owner = coalesce(${userId}::uuid, owner), owner_id = coalesce(${userId}, owner_id),
        updated_at = now()
      where bucket_id = ${bucketId} and name = ${sourceKey}
      returning id
    `;
    if (!moved) throw noSuchKey();
    return c.json({ message: "Successfully moved", Id: moved.id, Key: destinationKey });
  });

  app.post("/object/copy", async (c) => {
    const { bucketId, sourceKey, destinationKey, ...body } = await parseBody(c, copyBody);
    const bucket = body.destinationBucket ?? bucketId;
    parseKey(destinationKey);
    const { caller } = c.env;
    const source = await lookUp(deps.sql, caller, bucketId, sourceKey);
    if (!source?.version) throw noSuchKey();
    const upsert = c.req.header("x-upsert") === "true";
    const changed = body.copyMetadata === false ? body.metadata : null;
    const mimetype = changed?.mimetype ?? source.metadata?.mimetype ?? "application/octet-stream";
    const cacheControl = changed?.cacheControl ?? source.metadata?.cacheControl ?? "no-cache";
    const size = source.metadata?.size ?? 0;
    const userMetadata =
      body.copyMetadata === false
        ? parseMetadataHeader(c.req.header("x-metadata") ?? null)
        : source.user_metadata;
    const target = { bucket, name: destinationKey, userMetadata };
    const announced = { ...target, mimetype, contentLength: size };
    await checkMayWrite(deps.sql, caller, announced, upsert);

    const version = randomUUID();
    await deps.files.duplicate(deps.files.path(source.version), version);
    const metadata = describeFile(version, size, mimetype, cacheControl);
    const object = { ...target, owner: caller.userId, version, metadata };
    const id = await commitObject(deps, caller, object, upsert);
    const row = await lookUp(deps.sql, asService(caller), bucket, destinationKey);
    return c.json({ Id: id, Key: `${bucket}/${destinationKey}`, ...row });
  });
}

const entry = z.union([z.string(), z.object({ path: z.string(), versionId: z.string() })]);
const removeBody = z.object({ prefixes: z.array(entry).min(1).max(1000) });

/** Removing objects: many by exact name (hosted calls the names prefixes), or one. */
export function addRemoveRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  app.delete("/object/:bucket", async (c) => {
    const { prefixes } = await parseBody(c, removeBody);
    const names = prefixes.map((prefix) => {
      if (typeof prefix === "string") return prefix;
      throw invalidRequest("Buckets here keep no versions: remove objects by name");
    });
    return c.json(await removeObjects(deps, c.env.caller, c.req.param("bucket"), names));
  });

  app.delete("/object/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const { caller } = c.env;
    if (!(await lookUp(deps.sql, asService(caller), bucket, name))) throw noSuchKey();
    const removed = await removeObjects(deps, caller, bucket, [name]);
    if (removed.length === 0) throw accessDenied("Access denied");
    return c.json({ message: "Successfully deleted" });
  });
}

const signOne = z.object({
  expiresIn: z.int().positive(),
  transform: z.record(z.string(), z.unknown()).nullish(),
});
const signMany = z.object({
  expiresIn: z.int().positive(),
  paths: z.array(z.string()).min(1).max(1000),
});

/** Links for reading an object without any other right, for a time. */
export function addSignRoutes(app: Hono<StorageEnv>, { sql, tokens }: StorageDeps): void {
  // The path stays unescaped: storage-js escapes the whole link.
  const link = async (bucket: string, name: string, expiresIn: number) => {
    const url = `${bucket}/${name}`;
    return `/object/sign/${url}?token=${await tokens.signDownload(url, expiresIn)}`;
  };

  app.post("/object/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const { expiresIn, transform } = await parseBody(c, signOne);
    if (transform && Object.keys(transform).length > 0) throw imagesNotAvailable();
    if (!(await lookUp(sql, c.env.caller, bucket, name))) throw noSuchKey();
    return c.json({ signedURL: await link(bucket, name, expiresIn) });
  });

  app.post("/object/sign/:bucket", async (c) => {
    const bucket = c.req.param("bucket");
    const { expiresIn, paths } = await parseBody(c, signMany);
    const rows = await ask(sql, c.env.caller)<{ name: string }>`
      select name from storage.objects where bucket_id = ${bucket} and name = any(${paths})
    `;
    const visible = new Set(rows.map((row) => row.name));
    const missing = "Either the object does not exist or you do not have access to it";
    const links = paths.map(async (path) =>
      visible.has(path)
        ? { error: null, path, signedURL: await link(bucket, path, expiresIn) }
        : { error: missing, path, signedURL: null },
    );
    return c.json(await Promise.all(links));
  });
}
