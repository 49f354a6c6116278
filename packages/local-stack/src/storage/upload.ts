import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Caller } from "../caller.ts";
import { requireBucket } from "./buckets.ts";
import type { StorageDeps } from "./context.ts";
import { StorageError } from "./errors.ts";
import { checkMimeType, checkSize, limitsOf } from "./limits.ts";
import { checkMayWrite } from "./may-write.ts";
import { parseKey } from "./names.ts";
import { asService, describeFile, inStorage, type NewObject, writeObject } from "./objects.ts";
import { receiveUpload } from "./receive-upload.ts";

export interface UploadTarget {
  bucket: string;
  name: string;
  upsert: boolean;
  /** Whose object it will be; not always the caller's: see signed uploads. */
  owner: string | null;
}

/**
 * Takes an upload in one request: asks the policies, streams the bytes to disk, then lets file
 * and row appear together.
 * @returns the object's id
 */
export async function uploadObject(
  { sql, files, fileSizeLimit }: StorageDeps,
  caller: Caller,
  target: UploadTarget,
  request: Request,
): Promise<string> {
  const { bucket, name, owner, upsert } = target;
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
      limitBytes: limits.fileSizeLimit,
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
