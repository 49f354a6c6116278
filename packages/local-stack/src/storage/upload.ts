import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Caller } from "../caller.ts";
import { requireBucket } from "./buckets.ts";
import type { StorageDeps } from "./context.ts";
import { StorageError } from "./errors.ts";
import { checkMimeType, checkSize } from "./limits.ts";
import { parseKey } from "./names.ts";
import { checkMayWrite, describeFile, inStorage, type NewObject, writeObject } from "./objects.ts";
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
  { sql, files }: StorageDeps,
  caller: Caller,
  target: UploadTarget,
  request: Request,
): Promise<string> {
  parseKey(target.name);
  const bucket = await requireBucket(sql, target.bucket);
  await checkMayWrite(sql, caller, target, target.upsert);
  const announced = request.headers.get("content-length");
  const isForm = request.headers.get("content-type")?.startsWith("multipart/");
  if (announced !== null && !isForm) checkSize(Number(announced), bucket);

  const path = files.newIncoming();
  try {
    const file = await receiveUpload(request, {
      path,
      limitBytes: bucket.fileSizeLimit,
      checkMimeType: (mimeType) => checkMimeType(mimeType, bucket),
    });
    const version = randomUUID();
    const metadata = describeFile(version, file.size, file.mimeType, file.cacheControl);
    const { bucket: bucketId, name, owner } = target;
    const object = { bucket: bucketId, name, owner, version, metadata };
    await files.publish(path, version);
    return await commitObject(
      { sql, files },
      caller,
      { ...object, userMetadata: file.userMetadata },
      target.upsert,
    );
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * Makes a published file visible under its name. The policies decide again: they may have
 * changed while the bytes came in.
 * @returns the object's id
 */
export async function commitObject(
  { sql, files }: Pick<StorageDeps, "sql" | "files">,
  caller: Caller,
  object: NewObject,
  upsert: boolean,
): Promise<string> {
  try {
    const { id, replaced } = await inStorage(sql, caller, (tx) => writeObject(tx, object, upsert));
    // Only now: until the commit the old file is the object.
    if (replaced !== null) await files.remove(replaced);
    return id;
  } catch (error) {
    // A lost connection leaves open whether the row is there; a refusal does not.
    if (error instanceof StorageError) await files.remove(object.version);
    throw error;
  }
}
