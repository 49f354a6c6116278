import type { Hono } from "hono";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { identifier, part } from "../sql/statement.ts";
import { parseBody, type StorageDeps, type StorageEnv } from "./context.ts";
import { inStorage, isoTime, type ObjectRow, objectColumns } from "./objects.ts";

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

/** Checked against lists of allowed words before they come here: they become SQL names. */
export interface SortBy {
  column: "name" | "created_at" | "updated_at" | "last_accessed_at";
  order: "asc" | "desc";
}

/** A folder has a name only; its times are of its first object, or null. */
export type FolderEntry = Pick<ObjectRow, "name"> & { id: null };
export type ObjectEntry = Pick<ObjectRow, "name" | EntryColumn>;
type EntryColumn = "id" | "created_at" | "updated_at" | "last_accessed_at" | "metadata";

/** One level below a folder, as `list()` shows it: `storage.search()` says which and in what order. */
export async function listFolder(
  sql: Sql,
  caller: Caller,
  bucket: string,
  query: { prefix: string; search: string; sortBy: SortBy; limit: number; offset: number },
): Promise<(FolderEntry | ObjectEntry)[]> {
  const { search, sortBy, limit, offset } = query;
  const isOpen = query.prefix !== "" && !query.prefix.endsWith("/");
  const prefix = isOpen ? `${query.prefix}/` : query.prefix;
  return await inStorage(
    sql,
    caller,
    (tx) => tx<FolderEntry | ObjectEntry>`
      select name, id, metadata,
        ${isoTime("created_at")}, ${isoTime("updated_at")}, ${isoTime("last_accessed_at")}
      from storage.search(
        ${prefix}, ${bucket}, ${limit}, 1, ${offset}, ${search}, ${sortBy.column}, ${sortBy.order}
      )
    `,
  );
}

export interface ObjectPage {
  hasNext: boolean;
  nextCursor?: string;
  /** Told by the delimiter: each name's last part is its `key`. */
  folders: (FolderEntry & { key: string })[];
  objects: (ObjectEntry & { key?: string })[];
}

/** `listV2()`: whole names below any prefix, page by page, with or without folders. */
export async function listPage(
  sql: Sql,
  caller: Caller,
  bucket: string,
  query: {
    prefix: string;
    withDelimiter: boolean;
    sortBy: SortBy;
    limit: number;
    /** From the page before. */
    cursor: string | undefined;
  },
): Promise<ObjectPage> {
  const { prefix, withDelimiter, sortBy, limit } = query;
  const offset = readCursor(query.cursor);

  const rows = await inStorage(
    sql,
    caller,
    (tx) => tx<FolderEntry | ObjectEntry>`
      with found as (
        select ${objectColumns},
          ${withDelimiter} and substr(name, ${prefix.length + 1}::int) like '%/%' as nested
        from storage.objects
        where bucket_id = ${bucket} and starts_with(name, ${prefix})
      ),
      entries as (
        select name, id, created_at, updated_at, last_accessed_at, metadata
        from found where not nested
        union all
        select ${prefix} || split_part(substr(name, ${prefix.length + 1}::int), '/', 1) || '/',
          null, min(created_at), min(created_at), null, null
        from found where nested group by 1
      )
      select * from entries order by ${orderBy(sortBy)}
      limit ${limit + 1} offset ${offset}
    `,
  );

  const page: ObjectPage = { hasNext: rows.length > limit, folders: [], objects: [] };
  if (page.hasNext) page.nextCursor = writeCursor(offset + limit);
  for (const row of rows.slice(0, limit)) {
    const key = row.name.slice(prefix.lastIndexOf("/") + 1).replace(/\/$/, "");
    if (row.id === null) page.folders.push({ ...row, key });
    else page.objects.push(withDelimiter ? { ...row, key } : row);
  }
  return page;
}

/** Names in byte order, whatever the database's language, and as the last resort in every order. */
function orderBy({ column, order }: SortBy) {
  const direction = order === "desc" ? part`desc` : part`asc`;
  const byName = part`name collate "C" ${direction}`;
  return column === "name" ? byName : part`${identifier(column)} ${direction}, ${byName}`;
}

function writeCursor(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString("base64url");
}

/** A cursor nobody here wrote begins at the beginning. */
function readCursor(cursor: string | undefined): number {
  const text = Buffer.from(cursor ?? "", "base64url").toString("utf8");
  return Number(/^offset:(\d{1,9})$/.exec(text)?.[1] ?? 0);
}
