import type { Hono } from "hono";
import { z } from "zod";
import { identifier, part } from "../sql/statement.ts";
import { parseBody, type StorageDeps, type StorageEnv } from "./context.ts";
import { ask, isoTime, type ObjectRow, objectColumns } from "./objects.ts";

const order = z.enum(["asc", "desc"]).default("asc");
const byName = { column: "name", order: "asc" } as const;

const listBody = z.object({
  prefix: z.string().default(""),
  search: z
    .string()
    .nullish()
    .transform((search) => search ?? ""),
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
  /** From the page before; one that nobody here wrote begins at the beginning. */
  cursor: z
    .string()
    .default("")
    .transform((cursor) => Buffer.from(cursor, "base64url").toString("utf8"))
    .transform((text) => Number(/^offset:(\d{1,9})$/.exec(text)?.[1] ?? 0)),
  with_delimiter: z.boolean().default(false),
  sortBy: z.object({ column: z.enum(["name", "created_at", "updated_at"]), order }).default(byName),
});

type ListedColumn = "id" | "created_at" | "updated_at" | "last_accessed_at" | "metadata";
/** A folder has a name only, and no id; its times are of its first object, or null. */
type Entry = Pick<ObjectRow, "name" | Exclude<ListedColumn, "id">> & { id: string | null };

export function addListRoutes(app: Hono<StorageEnv>, { sql }: StorageDeps): void {
  /** One level below a folder, as `list()` shows it: `storage.search()` says which, in what order. */
  app.post("/object/list/:bucket", async (c) => {
    const { search, sortBy, limit, offset, ...query } = await parseBody(c, listBody);
    const isOpen = query.prefix !== "" && !query.prefix.endsWith("/");
    const prefix = isOpen ? `${query.prefix}/` : query.prefix;
    const entries = await ask(sql, c.env.caller)<Entry>`
      select name, id, metadata,
        ${isoTime("created_at")}, ${isoTime("updated_at")}, ${isoTime("last_accessed_at")}
      from storage.search(
        ${prefix}, ${c.req.param("bucket")}, ${limit}, 1, ${offset}, ${search},
        ${sortBy.column}, ${sortBy.order}
      )
    `;
    return c.json(entries);
  });

  /** `listV2()`: whole names below any prefix, page by page, with or without folders. */
  app.post("/object/list-v2/:bucket", async (c) => {
    const { prefix, limit, cursor, sortBy, ...query } = await parseBody(c, pageBody);
    const withDelimiter = query.with_delimiter;
    const rows = await ask(sql, c.env.caller)<Entry>`
      with found as (
        select ${objectColumns},
          ${withDelimiter} and substr(name, ${prefix.length + 1}::int) like '%/%' as nested
        from storage.objects
        where bucket_id = ${c.req.param("bucket")} and starts_with(name, ${prefix})
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
      limit ${limit + 1} offset ${cursor}
    `;
    const hasNext = rows.length > limit;
    // Told by the delimiter: each name's last part is its `key`.
    const entries = rows.slice(0, limit).map((row) => {
      const key = row.name.slice(prefix.lastIndexOf("/") + 1).replace(/\/$/, "");
      return withDelimiter ? { ...row, key } : row;
    });
    return c.json({
      hasNext,
      ...(hasNext && {
        nextCursor: Buffer.from(`offset:${cursor + limit}`).toString("base64url"),
      }),
      folders: entries.filter(({ id }) => id === null),
      objects: entries.filter(({ id }) => id !== null),
    });
  });
}

/** Names in byte order, whatever the database's language, and as the last resort in every order. */
function orderBy({ column, order }: z.output<typeof pageBody>["sortBy"]) {
  const direction = order === "desc" ? part`desc` : part`asc`;
  const byName = part`name collate "C" ${direction}`;
  return column === "name" ? byName : part`${identifier(column)} ${direction}, ${byName}`;
}
