import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { FileStore } from "@tus/file-store";
import { Metadata, Server, Upload } from "@tus/server";
import { z } from "zod";
import { invalidRequest } from "../errors.ts";
import type { BucketLimits } from "../limits.ts";
import { parseUserMetadata } from "../receive.ts";
import type { AnnouncedObject } from "../upload.ts";

/** As on hosted: an upload can be resumed for a day. */
const lifetimeMs = 24 * 60 * 60 * 1000;

/** What a request may do, settled before the protocol sees it. */
export interface Admission {
  id: string;
  ticket: Ticket;
  limits: BucketLimits;
}

export type Tus = ReturnType<typeof createTus>;

/** Its files are for the stack alone, as all of Storage's. */
class PrivateFileStore extends FileStore {
  override async create(file: Upload): Promise<Upload> {
    const upload = await super.create(file);
    const path = join(this.directory, file.id);
    await Promise.all([chmod(path, 0o600), chmod(`${path}.json`, 0o600)]);
    return upload;
  }
}

/**
 * The TUS protocol over a folder of unfinished uploads. It knows nothing of buckets and rights:
 * `routes.ts` decides who may do what before a request comes here.
 */
export function createTus(directory: string) {
  const admissions = new WeakMap<object, Admission>();
  const store = new PrivateFileStore({ directory, expirationPeriodInMilliseconds: lifetimeMs });
  const admitted = (request: object): Admission => {
    const admission = admissions.get(request);
    if (!admission) throw new Error("a resumable upload's request was not admitted");
    return admission;
  };

  const server = new Server({
    path: "/upload/resumable",
    datastore: store,
    disableTerminationForFinishedUploads: true,
    namingFunction: (request) => admitted(request).id,
    getFileIdFromRequest: (request) => admitted(request).id,
    generateUrl: (request, { id }) => publicUrl(request, admitted(request).ticket.signed, id),
    maxSize: (request) => admissions.get(request)?.limits.file_size_limit ?? 0,
    onUploadCreate: async (request) => ({ metadata: writeTicket(admitted(request).ticket) }),
  });

  return {
    /** Speaks TUS 1.0 for a request that was admitted. */
    handle(request: Request, admission: Admission): Promise<Response> {
      admissions.set(request, admission);
      return server.handleWeb(request);
    },
    /** The upload, or undefined where there is none (any more). */
    find: (id: string): Promise<Upload | undefined> => store.getUpload(id).catch(() => undefined),
    /** Keeps another ticket beside the upload's bytes. */
    async replaceTicket(upload: Upload, ticket: Ticket): Promise<void> {
      const record = new Upload({ ...upload, metadata: writeTicket(ticket) });
      await store.configstore.set(upload.id, record);
    },
    // Whatever is in the way (another request removed it too) is gone with the next expiry.
    remove: (id: string): Promise<void> => store.remove(id).catch(() => {}),
    async removeExpired(): Promise<void> {
      await store.deleteExpired().catch(() => {});
    },
  };
}

/** Where clients find the upload: the address they used themselves, also behind a proxy. */
function publicUrl(
  { url, headers }: Pick<Request, "url" | "headers">,
  signed: boolean,
  id: string,
) {
  const { protocol, host } = new URL(url);
  const scheme = headers.get("x-forwarded-proto") ?? protocol.replace(":", "");
  const authority = headers.get("x-forwarded-host") ?? headers.get("host") ?? host;
  return `${scheme}://${authority}/storage/v1/upload/resumable${signed ? "/sign" : ""}/${id}`;
}

/** What a client says about its upload when it begins, in `Upload-Metadata`. */
const announcement = z.object({
  bucketName: z.string(),
  objectName: z.string(),
  contentType: z.string().min(1).default("application/octet-stream"),
  /** Seconds. */
  cacheControl: z.string().nullish(),
  /** JSON: the application's own metadata. */
  metadata: z.string().nullish(),
});

/** The announcement and who made it: kept beside the bytes, to be held against each request. */
const ticketSchema = announcement.extend({
  role: z.string(),
  owner: z.string().nullable(),
  upsert: z.stringbool(),
  signed: z.stringbool(),
  finished: z.stringbool(),
});

export type Announcement = z.output<typeof announcement>;
export type Ticket = z.output<typeof ticketSchema>;

export function parseAnnouncement(header: string | undefined): Announcement {
  try {
    return announcement.parse(Metadata.parse(header));
  } catch {
    throw invalidRequest("Upload-Metadata must carry bucketName and objectName, each in base64");
  }
}

/** The object that an upload of this length will be, for the policies to judge. */
export function announced(of: Announcement, contentLength: number | undefined): AnnouncedObject {
  return {
    bucket: of.bucketName,
    name: of.objectName,
    userMetadata: parseUserMetadata(of.metadata),
    mimetype: of.contentType,
    contentLength,
  };
}

/** Undefined for what no creation here wrote. */
export function readTicket(
  metadata: Record<string, string | null> | undefined,
): Ticket | undefined {
  return ticketSchema.safeParse(metadata).data;
}

/** TUS keeps text only. */
function writeTicket(ticket: Ticket): Record<string, string | null> {
  const { upsert, signed, finished, cacheControl, metadata, ...rest } = ticket;
  return {
    ...rest,
    ...(cacheControl != null && { cacheControl }),
    ...(metadata != null && { metadata }),
    upsert: String(upsert),
    signed: String(signed),
    finished: String(finished),
  };
}
