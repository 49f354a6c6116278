import { randomUUID } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Upload } from "@tus/server";
import type { Hono } from "hono";
import type { Caller } from "../../caller.ts";
import { requireBucket } from "../buckets.ts";
import type { StorageContext, StorageDeps, StorageEnv } from "../context.ts";
import { noSuchUpload, StorageError } from "../errors.ts";
import { syncFile } from "../files.ts";
import { checkMimeType, checkSize, limitsOf, parseKey } from "../limits.ts";
import { asService, describeFile, lookUp } from "../objects.ts";
import { discardBody, parseUserMetadata } from "../receive.ts";
import { checkMayWrite, commitObject } from "../upload.ts";
import {
  type Admission,
  type Announcement,
  announced,
  createTus,
  parseAnnouncement,
  readTicket,
  type Ticket,
  type Tus,
} from "./tus.ts";

const tidyEveryMs = 10 * 60 * 1000;

/**
 * Uploads that survive a broken connection (TUS). Rights are checked when an upload begins and,
 * since they may change while it lasts, again when its object appears.
 * `/sign` is for the holder of a signed upload link: `x-signature` carries its token.
 */
export function addResumableRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  const tus = createTus(deps.files.resumable);
  let tidiedAt = 0;

  const limitsFor = async ({ bucketName, objectName }: Announcement) =>
    limitsOf(await requireBucket(deps.sql, bucketName), objectName, deps.fileSizeLimit);

  async function create(c: StorageContext, signed: boolean): Promise<Response> {
    if (Date.now() - tidiedAt > tidyEveryMs) {
      tidiedAt = Date.now();
      await tus.removeExpired();
    }
    const announcement = parseAnnouncement(c.req.header("upload-metadata"));
    const { bucketName: bucket, objectName: name } = announcement;
    parseKey(name);
    const limits = await limitsFor(announcement);
    checkMimeType(announcement.contentType, limits);
    const length = c.req.header("upload-length");
    checkSize(Number(length ?? 0), limits);

    const { role, userId } = c.env.caller;
    const grant = signed
      ? await deps.tokens.verifyUpload(c.req.header("x-signature") ?? "", `${bucket}/${name}`)
      : { owner: userId, upsert: c.req.header("x-upsert") === "true" };
    if (!signed) {
      const object = announced(announcement, length === undefined ? undefined : Number(length));
      await checkMayWrite(deps.sql, c.env.caller, object, grant.upsert);
    }
    const ticket = { ...announcement, ...grant, role, signed, finished: false };
    return proceed(c, { id: randomUUID(), ticket, limits });
  }

  async function resume(c: StorageContext, signed: boolean): Promise<Response> {
    if (c.req.raw.method === "GET") throw noSuchUpload();
    const id = c.req.param("id") ?? "";
    const upload = await tus.find(id);
    const ticket = readTicket(upload?.metadata);
    if (!ticket || !(await isHolder(c, ticket, signed))) throw noSuchUpload();
    return proceed(c, { id, ticket, limits: await limitsFor(ticket) });
  }

  /** Uploads are known by an id nobody can guess; still they are their maker's alone. */
  async function isHolder(c: StorageContext, ticket: Ticket, signed: boolean): Promise<boolean> {
    if (ticket.signed !== signed) return false;
    if (!signed) {
      const { role, userId } = c.env.caller;
      return ticket.role === role && ticket.owner === userId;
    }
    const url = `${ticket.bucketName}/${ticket.objectName}`;
    await deps.tokens.verifyUpload(c.req.header("x-signature") ?? "", url);
    return true;
  }

  async function proceed(c: StorageContext, admission: Admission): Promise<Response> {
    const { method } = c.req.raw;
    // Asked how far it got, an upload that is whole but not yet an object gets its second chance.
    if (method === "HEAD") await finishIfWhole(c, admission);
    const response = await tus.handle(c.req.raw, admission);
    if (response.ok && method !== "HEAD" && method !== "DELETE") await finishIfWhole(c, admission);
    return response;
  }

  async function finishIfWhole(c: StorageContext, { id, ticket }: Admission): Promise<void> {
    const upload = await tus.find(id);
    if (!upload || upload.offset !== upload.size || ticket.finished) return;
    // A signed link's rights were checked when it was made.
    const caller = ticket.signed ? asService(c.env.caller) : c.env.caller;
    await finishUpload(deps, tus, caller, upload, ticket);
  }

  const answer = (work: typeof create, signed: boolean) => async (c: StorageContext) => {
    const response = await work(c, signed).catch((error: unknown) => {
      if (error instanceof StorageError) return error.toTusResponse();
      throw error;
    });
    if (!response.ok) await discardBody(c.req.raw);
    return response;
  };

  for (const signed of [true, false]) {
    const path = signed ? "/upload/resumable/sign" : "/upload/resumable";
    app.post(path, answer(create, signed));
    // Hono answers HEAD by its GET routes.
    app.on(["GET", "PATCH", "DELETE"], `${path}/:id`, answer(resume, signed));
  }
}

/**
 * Makes an object of an upload whose last byte is there. Safe to repeat at any point: the
 * upload's id is the object's version, so a second finish finds its own row.
 * Refused for good, the upload is dropped; on any other failure the client asks again.
 */
async function finishUpload(
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
    const row = await lookUp(deps.sql, asService(caller), bucketName, objectName);
    // Else an earlier finish, whose answer was lost, wrote the row.
    if (row?.version !== id) {
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
