import type { Hono } from "hono";
import { z } from "zod";
import { requireBucket } from "./buckets.ts";
import type { StorageDeps, StorageEnv } from "./context.ts";
import { listFolder, listPage } from "./list.ts";
import { parseBody } from "./parse-body.ts";

const order = z.enum(["asc", "desc"]).default("asc");
const byName = { column: "name", order: "asc" } as const;

const listBody = z.object({
  prefix: z.string().default(""),
  search: z.string().nullish(),
  limit: z.int().positive().max(10_000).default(100),
  offset: z.int().nonnegative().default(0),
  sortBy: z
    .object({
      column: z.enum(["name", "created_at", "updated_at", "last_accessed_at"]).default("name"),
      order,
    })
    .default(byName),
});

const pageBody = z.object({
  prefix: z.string().default(""),
  limit: z.int().positive().max(1000).default(1000),
  cursor: z.string().optional(),
  with_delimiter: z.boolean().default(false),
  sortBy: z.object({ column: z.enum(["name", "created_at", "updated_at"]), order }).default(byName),
});

export function addListRoutes(app: Hono<StorageEnv>, { sql }: StorageDeps): void {
  app.post("/object/list/:bucket", async (c) => {
    const { search, ...query } = await parseBody(c, listBody);
    const { id } = await requireBucket(sql, c.req.param("bucket"));
    return c.json(await listFolder(sql, c.env.caller, id, { ...query, search: search ?? "" }));
  });

  app.post("/object/list-v2/:bucket", async (c) => {
    const { prefix, limit, cursor, sortBy, ...query } = await parseBody(c, pageBody);
    const { id } = await requireBucket(sql, c.req.param("bucket"));
    const withDelimiter = query.with_delimiter;
    const page = { prefix, limit, cursor, sortBy, withDelimiter };
    return c.json(await listPage(sql, c.env.caller, id, page));
  });
}
