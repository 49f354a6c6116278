import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Hono } from "hono";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { requireBucket } from "./buckets.ts";
import { type StorageContext, type StorageDeps, type StorageEnv, targetOf } from "./context.ts";
import { StorageError } from "./errors.ts";
import { checkMimeType, checkSize, limitsOf, parseKey } from "./limits.ts";
import { asService, describeFile, inStorage, type NewObject, writeObject } from "./objects.ts";
import { parseMetadataHeader, receiveUpload } from "./receive.ts";
import type { UploadGrant } from "./tokens.ts";

/** As on hosted. */
const signedUploadSeconds = 2 * 60 * 60;

/** Uploads in one request, by right or by signed link. */
export function addUploadRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  app.post("/object/upload/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const { caller } = c.env;
    parseKey(name);
    const upsert = wantsUpsert(c);
    const length = c.req.header("content-length");
    const announced = {
      bucket,
      name,
      userMetadata: parseMetadataHeader(c.req.header("x-metadata") ?? null),
      mimetype: c.req.header("content-type"),
      contentLength: length === undefined ? undefined : Number(length),
    };
    await checkMayWrite(deps.sql, caller, announced, upsert);
    const url = `${bucket}/${name}`;
    const grant = { owner: caller.userId, upsert };
    const token = await deps.tokens.signUpload(url, grant, signedUploadSeconds);
    return c.json({ url: `/object/upload/sign/${url}?token=${token}`, token });
  });

  // The signer's rights were checked when the link was made; the link alone decides now.
  app.put("/object/upload/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const grant = await deps.tokens.verifyUpload(c.req.query("token") ?? "", `${bucket}/${name}`);
    await uploadObject(deps, c, asService(c.env.caller), grant);
    return c.json({ Key: `${bucket}/${name}` });
  });

  app.on(["POST", "PUT"], "/object/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const { caller } = c.env;
    const upsert = c.req.method === "PUT" || wantsUpsert(c);
    const id = await uploadObject(deps, c, caller, { upsert, owner: caller.userId });
    return c.json({ Id: id, Key: `${bucket}/${name}` });
  });
}

function wantsUpsert(c: StorageContext): boolean {
  return c.req.header("x-upsert") === "true";
}

/**
 * Takes an upload in one request: asks the policies, streams the bytes to disk, then lets file
 * and row appear together.
 * @param grant whose object it will be, which is not always the caller's: see signed uploads
 * @returns the object's id
 */
async function uploadObject(
  { sql, files, fileSizeLimit }: StorageDeps,
  c: StorageContext,
  caller: Caller,
  { owner, upsert }: UploadGrant,
): Promise<string> {
  const { bucket, name } = targetOf(c);
  const request = c.req.raw;
  parseKey(name);
  const limits = limitsOf(await requireBucket(sql, bucket), name, fileSizeLimit);
  const announced = request.headers.get("content-length");
  const contentLength = announced === null ? undefined : Number(announced);
  const isForm = request.headers.get("content-type")?.startsWith("multipart/");
  if (contentLength !== undefined && !isForm) checkSize(contentLength, limits);

  const path = files.newIncoming();
  try {
    const { size, mimeType, cacheControl, userMetadata } = await receiveUpload(request, {
      path,
      limitBytes: limits.file_size_limit,
      async admit({ mimeType, userMetadata }) {
        checkMimeType(mimeType, limits);
        const announcedObject = { bucket, name, userMetadata, mimetype: mimeType, contentLength };
        await checkMayWrite(sql, caller, announcedObject, upsert);
      },
    });
    const version = randomUUID();
    const metadata = describeFile(version, size, mimeType, cacheControl);
    const object = { bucket, name, owner, version, metadata, userMetadata: userMetadata ?? {} };
    await files.publish(path, version);
    return await commitObject({ sql, files }, caller, object, upsert);
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * Makes a published file visible under its name. The policies were asked before: as on hosted the
 * row is written with the service's rights, which is what triggers see.
 * @returns the object's id
 */
export async function commitObject(
  { sql, files }: Pick<StorageDeps, "sql" | "files">,
  caller: Caller,
  object: NewObject,
  upsert: boolean,
): Promise<string> {
  try {
    const { id, replaced } = await inStorage(sql, asService(caller), (tx) =>
      writeObject(tx, object, upsert),
    );
    // Only now: until the commit the old file is the object.
    if (replaced !== null) await files.remove(replaced);
    return id;
  } catch (error) {
    // A lost connection leaves open whether the row is there; a refusal does not.
    if (error instanceof StorageError) await files.remove(object.version);
    throw error;
  }
}

/** What is known of an object before its bytes are there. */
export interface AnnouncedObject extends Pick<NewObject, "bucket" | "name" | "userMetadata"> {
  mimetype?: string;
  contentLength?: number;
}

/**
 * Asks the policies whether the caller may write this object, before any byte is taken: writes the
 * row and rolls it back. The row's metadata has what hosted puts there, type and announced length.
 */
export async function checkMayWrite(
  sql: Sql,
  caller: Caller,
  { bucket, name, userMetadata, mimetype, contentLength }: AnnouncedObject,
  upsert: boolean,
): Promise<void> {
  const metadata = { mimetype, contentLength };
  const object = { bucket, name, owner: caller.userId, version: randomUUID(), metadata };
  const rollback = new Error("rolled back on purpose");
  try {
    await inStorage(sql, caller, async (tx) => {
      await writeObject(tx, { ...object, userMetadata }, upsert);
      throw rollback;
    });
  } catch (error) {
    if (error !== rollback) throw error;
  }
}
