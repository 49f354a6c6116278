import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Upload } from "@tus/server";
import type { Caller } from "../../caller.ts";
import { requireBucket } from "../buckets.ts";
import type { StorageDeps } from "../context.ts";
import { StorageError } from "../errors.ts";
import { syncFile } from "../files.ts";
import { checkMimeType, checkSize } from "../limits.ts";
import { describeFile } from "../objects.ts";
import { commitObject } from "../upload.ts";
import { parseUserMetadata } from "../user-metadata.ts";
import type { Ticket } from "./ticket.ts";
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
  const path = join(deps.files.resumable, id);
  try {
    const bucket = await requireBucket(deps.sql, ticket.bucketName);
    checkMimeType(ticket.contentType, bucket);
    checkSize(size, bucket);
    await syncFile(path);
    await deps.files.duplicate(path, id);
    const object = {
      bucket: ticket.bucketName,
      name: ticket.objectName,
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
  const handle = await open(hole, "w");
  await handle.truncate(upload.size).finally(() => handle.close());
  await rename(hole, path);
}

function cacheControl({ cacheControl }: Ticket): string {
  return /^\d+$/.test(cacheControl ?? "") ? `max-age=${cacheControl}` : "no-cache";
}
