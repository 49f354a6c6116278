import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { FileStore } from "@tus/file-store";
import { Server, Upload } from "@tus/server";
import type { BucketLimits } from "../limits.ts";
import { type Ticket, writeTicket } from "./ticket.ts";

/** As on hosted: an upload can be resumed for a day. */
const lifetimeMs = 24 * 60 * 60 * 1000;

/** What a request may do, settled before the protocol sees it. */
export interface Admission {
  id: string;
  ticket: Ticket;
  limits: BucketLimits;
}

export interface Tus {
  /** Speaks TUS 1.0 for a request that was admitted. */
  handle(request: Request, admission: Admission): Promise<Response>;
  /** TUS capabilities: the same for everybody. */
  options(request: Request): Promise<Response>;
  /** The upload, or undefined where there is none (any more). */
  find(id: string): Promise<Upload | undefined>;
  /** Keeps another ticket beside the upload's bytes. */
  replaceTicket(upload: Upload, ticket: Ticket): Promise<void>;
  remove(id: string): Promise<void>;
  removeExpired(): Promise<void>;
}

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
export function createTus(directory: string): Tus {
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
    maxSize: (request) => admissions.get(request)?.limits.fileSizeLimit ?? 0,
    onUploadCreate: async (request) => ({ metadata: writeTicket(admitted(request).ticket) }),
  });

  return {
    handle(request, admission) {
      admissions.set(request, admission);
      return server.handleWeb(request);
    },
    options: (request) => server.handleWeb(request),
    find: (id) => store.getUpload(id).catch(() => undefined),
    async replaceTicket(upload, ticket) {
      const record = new Upload({ ...upload, metadata: writeTicket(ticket) });
      await store.configstore.set(upload.id, record);
    },
    // Whatever is in the way (another request removed it too) is gone with the next expiry.
    remove: (id) => store.remove(id).catch(() => {}),
    async removeExpired() {
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
