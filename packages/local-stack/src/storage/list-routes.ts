import type { Hono } from "hono";
import { z } from "zod";
import type { StorageDeps, StorageEnv } from "./context.ts";
import { listFolder, listPage } from "./list.ts";
import { parseBody } from "./parse-body.ts";

const order = z.enum(["asc", "desc"]).default("asc");
const byName = { column: "name", order: "asc" } as const;

const listBody = z.object({
  prefix: z.string().default(""),
  search: z.string().nullish(),
  limit: z.int().positive().default(100),
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
  limit: z
    .int()
    .positive()
    .default(1000)
    .transform((limit) => Math.min(limit, 1000)),
  cursor: z.string().optional(),
  with_delimiter: z.boolean().default(false),
  sortBy: z.object({ column: z.enum(["name", "created_at", "updated_at"]), order }).default(byName),
});

export function addListRoutes(app: Hono<StorageEnv>, { sql }: StorageDeps): void {
  app.post("/object/list/:bucket", async (c) => {
    const { search, ...query } = await parseBody(c, listBody);
    const bucket = c.req.param("bucket");
    return c.json(await listFolder(sql, c.env.caller, bucket, { ...query, search: search ?? "" }));
  });

  app.post("/object/list-v2/:bucket", async (c) => {
    const { prefix, limit, cursor, sortBy, ...query } = await parseBody(c, pageBody);
    const withDelimiter = query.with_delimiter;
    const page = { prefix, limit, cursor, sortBy, withDelimiter };
    return c.json(await listPage(sql, c.env.caller, c.req.param("bucket"), page));
  });
}
