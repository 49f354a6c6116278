import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Upload } from "@tus/server";
import type { Caller } from "../../caller.ts";
import { requireBucket } from "../buckets.ts";
import type { StorageDeps } from "../context.ts";
import { StorageError } from "../errors.ts";
import { syncFile } from "../files.ts";
import { checkMimeType, checkSize, limitsOf } from "../limits.ts";
import { checkMayWrite } from "../may-write.ts";
import { asService, describeFile, findObject, inStorage } from "../objects.ts";
import { commitObject } from "../upload.ts";
import { parseUserMetadata } from "../user-metadata.ts";
import { announced, type Ticket } from "./ticket.ts";
import type { Tus } from "./tus.ts";

/**
 * Makes an object of an upload whose last byte is there. Safe to repeat at any point: the
 * upload's id is the object's version, so a second finish finds its own row.
 * Refused for good, the upload is dropped; on any other failure the client asks again.
 */
export async function finishUpload(
  deps: StorageDeps,
  tus: Tus,
  caller: Caller,
  upload: Upload,
  ticket: Ticket,
): Promise<void> {
  const { id, offset: size } = upload;
  const { bucketName, objectName } = ticket;
  const path = join(deps.files.resumable, id);
  try {
    const bucket = await requireBucket(deps.sql, bucketName);
    const limits = limitsOf(bucket, objectName, deps.fileSizeLimit);
    checkMimeType(ticket.contentType, limits);
    checkSize(size, limits);
    if (!(await isCommitted(deps, caller, id, ticket))) {
      await checkMayWrite(deps.sql, caller, announced(ticket, size), ticket.upsert);
    }
    await syncFile(path);
    await deps.files.duplicate(path, id);
    const object = {
      bucket: bucketName,
      name: objectName,
      owner: ticket.owner,
      version: id,
      metadata: describeFile(id, size, ticket.contentType, cacheControl(ticket)),
      userMetadata: parseUserMetadata(ticket.metadata),
    };
    await commitObject(deps, caller, object, ticket.upsert);
  } catch (error) {
    if (error instanceof StorageError) await tus.remove(id);
    throw error;
  }
  await forgetBytes(deps, tus, upload, ticket, path);
}

/** Whether an earlier finish, whose answer was lost, wrote the row. */
async function isCommitted(
  { sql }: StorageDeps,
  caller: Caller,
  id: string,
  { bucketName, objectName }: Ticket,
): Promise<boolean> {
  const row = await inStorage(sql, asService(caller), (tx) =>
    findObject(tx, bucketName, objectName),
  );
  return row?.version === id;
}

/**
 * The answer to the last chunk can get lost, and the client then asks how far it got. So the
 * upload is kept until it expires, but as a hole of the right size instead of its bytes.
 */
async function forgetBytes(
  { files }: StorageDeps,
  tus: Tus,
  upload: Upload,
  ticket: Ticket,
  path: string,
): Promise<void> {
  if (upload.size === 0) return tus.remove(upload.id);
  await tus.replaceTicket(upload, { ...ticket, finished: true });
  const hole = files.newIncoming();
  const handle = await open(hole, "w", 0o600);
  await handle.truncate(upload.size).finally(() => handle.close());
  await rename(hole, path);
}

function cacheControl({ cacheControl }: Ticket): string {
  return /^\d+$/.test(cacheControl ?? "") ? `max-age=${cacheControl}` : "no-cache";
}
