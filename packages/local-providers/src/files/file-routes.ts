import { Hono } from "hono";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { requireApiKey } from "../api-key.ts";
import type { ProvidersEnv } from "../request-log.ts";
import type { FileStore } from "./file-store.ts";
import { toFileResource } from "./stored-file.ts";

const page = z.object({
  pageSize: z.coerce.number().int().min(1).max(100).default(10),
  pageToken: z.coerce.number().int().nonnegative().default(0),
});

/** `/<version>/files`: list, get and delete uploaded files. */
export function fileRoutes(store: FileStore): Hono<ProvidersEnv> {
  const routes = new Hono<ProvidersEnv>();
  const needKey = requireApiKey("generativelanguage.googleapis.com");

  routes.get("/:version{v1beta|v1}/files", needKey, (context) => {
    const asked = page.safeParse(context.req.query());
    if (!asked.success) throw new ApiError(400, z.prettifyError(asked.error));
    const { pageSize, pageToken } = asked.data;
    const files = store.list();
    const more = pageToken + pageSize;
    return context.json({
      files: files
        .slice(pageToken, more)
        .map((file) => toFileResource(file, baseOf(context.req.raw.url))),
      ...(more < files.length ? { nextPageToken: `${more}` } : {}),
    });
  });

  routes.get("/:version{v1beta|v1}/files/:id", needKey, (context) => {
    const file = store.look(context.req.param("id"));
    return context.json(toFileResource(file, baseOf(context.req.raw.url)));
  });

  routes.delete("/:version{v1beta|v1}/files/:id", needKey, async (context) => {
    await store.delete(context.req.param("id"));
    return context.json({});
  });
  return routes;
}

/** This server's own address with the API version, as the client wrote it. */
function baseOf(requestUrl: string): string {
  const url = new URL(requestUrl);
  return `${url.origin}/${url.pathname.split("/")[1] ?? "v1beta"}`;
}
