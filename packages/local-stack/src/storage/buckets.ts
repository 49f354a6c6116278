import type { Hono } from "hono";
import { z } from "zod";
import { type Caller, serviceRole } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { assignments, identifier, part } from "../sql/statement.ts";
import {
  parseBody,
  parseQuery,
  type StorageContext,
  type StorageDeps,
  type StorageEnv,
} from "./context.ts";
import {
  analyticsNotAvailable,
  bucketNotEmpty,
  invalidMimeType,
  noSuchBucket,
  wrongRole,
} from "./errors.ts";
import { type BucketLimits, checkSize, parseBucketName, parseFileSize } from "./limits.ts";
import { ask, inStorage, isoTime, removeObjects } from "./objects.ts";

const settings = z.object({
  public: z.boolean().optional(),
  file_size_limit: z.union([z.int().nonnegative(), z.string()]).nullish(),
  allowed_mime_types: z.array(z.string()).nullish(),
});
const createBody = settings.extend({
  name: z.string(),
  id: z.string().optional(),
  type: z.enum(["STANDARD", "ANALYTICS"]).optional(),
});

/** Hosted's idea of a type; it takes whatever ends with an asterisk. */
const mimeType = /^([a-zA-Z0-9\-+.]+)\/([a-zA-Z0-9\-+.]+)(;\s*charset=[a-zA-Z0-9-]+)?$|\*$/;

function requireTypes(types: string[] | null | undefined): void {
  const wrong = types?.find((type) => type.length > 1000 || !mimeType.test(type));
  if (wrong !== undefined) throw invalidMimeType(wrong);
}

const listQuery = z.object({
  limit: z.int().positive().optional(),
  offset: z.int().nonnegative().default(0),
  search: z.string().default(""),
  sortColumn: z.enum(["id", "name", "created_at", "updated_at"]).default("name"),
  sortOrder: z.enum(["asc", "desc"]).default("asc"),
});

/** Buckets. Only the secret key may change them, unless policies on `storage.buckets` say more. */
export function addBucketRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  const { sql } = deps;

  const require = (c: StorageContext) =>
    requireBucket(sql, c.req.param("bucket") ?? "", c.env.caller);

  /** A bucket cannot lift the limit that holds for all. */
  const bucketLimit = (wanted: number | string | null | undefined) => {
    const bytes = parseFileSize(wanted);
    if (bytes !== null) checkSize(bytes, { file_size_limit: deps.fileSizeLimit });
    return bytes;
  };

  app.get("/bucket", async (c) => {
    const { limit, offset, search, sortColumn, sortOrder } = parseQuery(c, listQuery);
    const direction = sortOrder === "desc" ? part`desc` : part`asc`;
    const rows = await ask(sql, c.env.caller)<BucketRow & { type: string }>`
      select ${bucketColumns}, type from storage.buckets
      where position(lower(${search}) in lower(name)) > 0
      order by ${identifier(sortColumn)} ${direction} limit ${limit ?? null} offset ${offset}
    `;
    return c.json([...rows]);
  });

  app.get("/bucket/:bucket", async (c) => c.json(await require(c)));

  app.post("/bucket", async (c) => {
    const body = await parseBody(c, createBody);
    if (body.type === "ANALYTICS") throw analyticsNotAvailable();
    const name = parseBucketName(body.name);
    requireTypes(body.allowed_mime_types);
    const { userId } = c.env.caller;
    await ask(sql, c.env.caller)`
      insert into storage.buckets
        (id, name, owner, owner_id, public, file_size_limit, allowed_mime_types)
      values (
        ${parseBucketName(body.id ?? name)}, ${name}, ${userId}::uuid, ${userId},
        ${body.public ?? false}, ${bucketLimit(body.file_size_limit)},
        ${body.allowed_mime_types ?? null}
      )
    `;
    return c.json({ name });
  });

  app.put("/bucket/:bucket", async (c) => {
    const { file_size_limit: limit, ...changes } = await parseBody(c, settings);
    requireTypes(changes.allowed_mime_types);
    // What is absent stays; null lifts a limit.
    const set = assignments({
      ...changes,
      ...(limit !== undefined && { file_size_limit: bucketLimit(limit) }),
      updated_at: new Date(),
    });
    const rows = await ask(sql, c.env.caller)`
      update storage.buckets set ${set} where id = ${c.req.param("bucket")} returning id
    `;
    if (rows.length === 0) throw noSuchBucket();
    return c.json({ message: "Successfully updated" });
  });

  app.post("/bucket/:bucket/empty", async (c) => {
    if (c.env.caller.role !== "service_role") throw wrongRole();
    const { id } = await require(c);
    await removeObjects(deps, c.env.caller, id, "all");
    // Hosted's words; here it is done already.
    return c.json({
      message: "Empty bucket has been queued. Completion may take up to an hour.",
    });
  });

  app.delete("/bucket/:bucket", async (c) => {
    const { id } = await require(c);
    await inStorage(sql, c.env.caller, async (tx) => {
      // The foreign key would refuse as well, but not say why.
      const [object] = await tx`select from storage.objects where bucket_id = ${id} limit 1`;
      if (object) throw bucketNotEmpty();
      const rows = await tx`delete from storage.buckets where id = ${id} returning id`;
      if (rows.length === 0) throw noSuchBucket();
    });
    return c.json({ message: "Successfully deleted" });
  });
}

interface BucketRow extends BucketLimits {
  id: string;
  name: string;
  owner: string | null;
  public: boolean;
  /** ISO 8601. */
  created_at: string;
  updated_at: string;
}

/**
 * The bucket as far as the caller may see it; with the service's rights, what every caller's request
 * is checked against. @throws StorageError `Bucket not found`
 */
export async function requireBucket(
  sql: Sql,
  id: string,
  caller: Caller = serviceRole,
): Promise<BucketRow> {
  const [row] = await ask(sql, caller)<BucketRow>`
    select ${bucketColumns} from storage.buckets where id = ${id}
  `;
  if (row === undefined) throw noSuchBucket();
  return row;
}

/** The columns of a `BucketRow`, for `select`. */
const bucketColumns = part`
  id, name, owner, coalesce(public, false) as public, file_size_limit::float8 as file_size_limit,
  allowed_mime_types, ${isoTime("created_at")}, ${isoTime("updated_at")}
`;
