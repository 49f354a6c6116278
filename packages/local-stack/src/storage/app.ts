import { Hono } from "hono";
import { addBucketRoutes } from "./bucket-routes.ts";
import type { StorageDeps, StorageEnv } from "./context.ts";
import { addDownloadRoutes } from "./download-routes.ts";
import { imagesNotAvailable, StorageError } from "./errors.ts";
import { addListRoutes } from "./list-routes.ts";
import { addMoveRoutes } from "./move-routes.ts";
import { discardBody } from "./receive.ts";
import { addRemoveRoutes } from "./remove-routes.ts";
import { addResumableRoutes } from "./resumable/routes.ts";
import { addSignRoutes } from "./sign-routes.ts";
import { addUploadRoutes } from "./upload-routes.ts";

/** All routes below `/storage/v1`. Order matters: fixed words come before bucket names. */
export function createApp(deps: StorageDeps): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.get("/status", (c) => c.body(null, 200));
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
