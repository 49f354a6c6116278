import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import type { StorageDeps, StorageEnv } from "./context.ts";
import { noSuchKey } from "./errors.ts";
import { checkMayWrite } from "./may-write.ts";
import { parseKey } from "./names.ts";
import { asService, describeFile, findObject, inStorage, type ObjectRow } from "./objects.ts";
import { parseBody } from "./parse-body.ts";
import { commitObject } from "./upload.ts";
import { parseMetadataHeader } from "./user-metadata.ts";

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
    const destinationBucket = body.destinationBucket ?? bucketId;
    parseKey(destinationKey);
    const id = await moveObject(
      deps,
      c.env.caller,
      { bucket: bucketId, name: sourceKey },
      { bucket: destinationBucket, name: destinationKey },
    );
    return c.json({ message: "Successfully moved", Id: id, Key: destinationKey });
  });

  app.post("/object/copy", async (c) => {
    const { bucketId, sourceKey, destinationKey, ...body } = await parseBody(c, copyBody);
    const bucket = body.destinationBucket ?? bucketId;
    parseKey(destinationKey);
    const { caller } = c.env;
    const source = await requireObject(deps, caller, bucketId, sourceKey);
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
    const row = await inStorage(deps.sql, asService(caller), (tx) =>
      findObject(tx, bucket, destinationKey),
    );
    return c.json({ Id: id, Key: `${bucket}/${destinationKey}`, ...row });
  });
}

/** The file keeps its version: only its name changes, in one statement. */
async function moveObject(
  { sql }: StorageDeps,
  caller: Caller,
  from: { bucket: string; name: string },
  to: { bucket: string; name: string },
): Promise<string> {
  const [moved] = await inStorage(
    sql,
    caller,
    (tx) => tx<{ id: string }>`
      update storage.objects
      set bucket_id = ${to.bucket}, name = ${to.name}, updated_at = now(),
        owner = coalesce(${caller.userId}::uuid, owner), owner_id = coalesce(${caller.userId}, owner_id)
      where bucket_id = ${from.bucket} and name = ${from.name}
      returning id
    `,
  );
  if (!moved) throw noSuchKey();
  return moved.id;
}

async function requireObject(
  { sql }: StorageDeps,
  caller: Caller,
  bucket: string,
  name: string,
): Promise<ObjectRow & { version: string }> {
  const object = await inStorage(sql, caller, (tx) => findObject(tx, bucket, name));
  if (!object?.version) throw noSuchKey();
  return { ...object, version: object.version };
}
