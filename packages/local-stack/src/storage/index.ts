import { Hono } from "hono";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { addBucketRoutes } from "./buckets.ts";
import type { StorageDeps, StorageEnv } from "./context.ts";
import { addDownloadRoutes } from "./download.ts";
import { imagesNotAvailable, StorageError } from "./errors.ts";
import { createFileArea, removeOrphans } from "./files.ts";
import { addListRoutes } from "./list.ts";
import { addMoveRoutes, addRemoveRoutes, addSignRoutes } from "./object-routes.ts";
import { discardBody } from "./receive.ts";
import { addResumableRoutes } from "./resumable/routes.ts";
import { createTokens } from "./tokens.ts";
import { addUploadRoutes } from "./upload.ts";

interface StorageOptions {
  /** Connected as `supabase_admin`; every request runs in its caller's role. */
  sql: Sql;
  /** Holds the objects' bytes; created where missing. Belongs to one database. */
  directory: string;
  /** Signed links end with this secret: keep it to keep them valid. */
  signingSecret: string;
  /** Bytes that no object may exceed, whatever its bucket says. Default: any size. */
  fileSizeLimit?: number;
  /** Told what went wrong through no fault of a caller's. Default: standard error. */
  log?(line: string): void;
}

export type Storage = ReturnType<typeof createStorage>;

/**
 * Supabase Storage for one machine: rows in `storage.objects`, whose policies decide, and bytes
 * in files beside them. Speaks what storage-js and TUS clients speak.
 */
export function createStorage(options: StorageOptions) {
  const { sql, directory, signingSecret, fileSizeLimit = null, log = console.error } = options;
  const files = createFileArea(directory);
  const tokens = createTokens(signingSecret);
  const app = createApp({ sql, files, tokens, fileSizeLimit, log });
  const tidied = removeOrphans(sql, files, log);

  return {
    /** Answers a request whose path begins below `/storage/v1`. Never throws. */
    async fetch(request: Request, caller: Caller): Promise<Response> {
      await tidied;
      return app.fetch(request, { caller: withRequest(caller, request) });
    },
  };
}

/** All routes below `/storage/v1`. Order matters: fixed words come before bucket names. */
function createApp(deps: StorageDeps): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.get("/status", (c) => c.body(null, 200));
  app.get("/version", (c) => c.text("embedded"));
  addBucketRoutes(app, deps);
  addListRoutes(app, deps);
  addMoveRoutes(app, deps);
  addSignRoutes(app, deps);
  addRemoveRoutes(app, deps);
  addUploadRoutes(app, deps);
  addDownloadRoutes(app, deps);
  addResumableRoutes(app, deps);
  app.all("/render/image/*", () => {
    throw imagesNotAvailable();
  });

  app.notFound((c) => {
    const message = `Route ${c.req.method}:${c.req.path} not found`;
    return c.json({ statusCode: "404", error: "Not Found", message }, 404);
  });

  app.onError(async (error, c) => {
    await discardBody(c.req.raw);
    if (error instanceof StorageError) return error.toResponse();
    if (!c.req.raw.signal.aborted) deps.log(`storage: ${error.stack ?? error.message}`);
    return new StorageError(500, "InternalError", "Internal server error").toResponse();
  });

  return app;
}

/** What hosted Storage calls each route, as `storage.operation()` tells it to policies. */
const operations: [methods: string, path: RegExp, name: string][] = [
  ["POST", /^\/bucket\/?$/, "storage.bucket.create"],
  ["GET HEAD", /^\/bucket\/?$/, "storage.bucket.list"],
  ["POST", /^\/bucket\/[^/]+\/empty$/, "storage.bucket.empty"],
  ["GET HEAD", /^\/bucket\//, "storage.bucket.get"],
  ["PUT", /^\/bucket\//, "storage.bucket.update"],
  ["DELETE", /^\/bucket\//, "storage.bucket.delete"],
  ["POST", /^\/object\/list\//, "storage.object.list"],
  ["POST", /^\/object\/list-v2\//, "storage.object.list_v2"],
  ["POST", /^\/object\/move$/, "storage.object.move"],
  ["POST", /^\/object\/copy$/, "storage.object.copy"],
  ["POST", /^\/object\/upload\/sign\//, "storage.object.sign_upload_url"],
  ["PUT", /^\/object\/upload\/sign\//, "storage.object.upload_signed"],
  ["POST", /^\/object\/sign\/[^/]+\/./, "storage.object.sign"],
  ["POST", /^\/object\/sign\//, "storage.object.sign_many"],
  ["GET HEAD", /^\/object\/sign\//, "storage.object.get_signed"],
  ["GET", /^\/object\/public\//, "storage.object.get_public"],
  ["HEAD", /^\/object\/public\//, "storage.object.info_public"],
  ["GET HEAD", /^\/object\/info\/public\//, "storage.object.info_public"],
  ["GET HEAD", /^\/object\/info\//, "object.get_authenticated_info"],
  ["GET", /^\/object\//, "storage.object.get_authenticated"],
  ["HEAD", /^\/object\//, "object.head_authenticated_info"],
  ["POST", /^\/object\//, "storage.object.upload"],
  ["PUT", /^\/object\//, "storage.object.upload_update"],
  ["DELETE", /^\/object\/[^/]+\/./, "storage.object.delete"],
  ["DELETE", /^\/object\//, "storage.object.delete_many"],
  ["POST", /^\/upload\/resumable/, "storage.tus.upload.create"],
  ["PATCH", /^\/upload\/resumable/, "storage.tus.upload.part"],
  ["GET HEAD", /^\/upload\/resumable/, "storage.tus.upload.get"],
  ["DELETE", /^\/upload\/resumable/, "storage.tus.upload.delete"],
];

function operationOf(method: string, path: string): string {
  const found = operations.find(
    ([methods, pattern]) => methods.split(" ").includes(method) && pattern.test(path),
  );
  return found?.[2] ?? "";
}

/** The caller with what policies and triggers on Storage's tables may ask about the request. */
function withRequest(caller: Caller, request: Request): Caller {
  const { pathname, search } = new URL(request.url);
  const settings = {
    "request.method": request.method,
    "request.path": pathname + search,
    "request.headers": JSON.stringify(Object.fromEntries(request.headers)),
    "storage.operation": operationOf(request.method, pathname),
    // A trigger refuses deletes that do not come from Storage: they would leave the files behind.
    "storage.allow_delete_query": "true",
  };
  return { ...caller, settings };
}
