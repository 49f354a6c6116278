import type { Hono } from "hono";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import { part } from "../sql/statement.ts";
import type { StorageDeps, StorageEnv } from "./context.ts";
import { accessDenied, invalidRequest, noSuchKey } from "./errors.ts";
import { asService, findObject, inStorage, type ObjectRow, objectColumns } from "./objects.ts";
import { parseBody } from "./parse-body.ts";
import { targetOf } from "./target.ts";

const entry = z.union([z.string(), z.object({ path: z.string(), versionId: z.string() })]);
const removeBody = z.object({ prefixes: z.array(entry).min(1).max(1000) });

/** Removing objects: many by exact name (hosted calls the names prefixes), or one. */
export function addRemoveRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  app.delete("/object/:bucket", async (c) => {
    const { prefixes } = await parseBody(c, removeBody);
    const names = prefixes.map((prefix) => {
      if (typeof prefix === "string") return prefix;
      throw invalidRequest("Buckets here keep no versions: remove objects by name");
    });
    return c.json(await removeObjects(deps, c.env.caller, c.req.param("bucket"), names));
  });

  app.delete("/object/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const { caller } = c.env;
    const existing = await inStorage(deps.sql, asService(caller), (tx) =>
      findObject(tx, bucket, name),
    );
    if (!existing) throw noSuchKey();
    const removed = await removeObjects(deps, caller, bucket, [name]);
    if (removed.length === 0) throw accessDenied("Access denied");
    return c.json({ message: "Successfully deleted" });
  });
}

/** Removes what the policies let the caller remove, and says what that was. */
export async function removeObjects(
  { sql, files }: StorageDeps,
  caller: Caller,
  bucket: string,
  names: string[] | "all",
): Promise<ObjectRow[]> {
  const removed = await inStorage(
    sql,
    caller,
    (tx) => tx<ObjectRow>`
      delete from storage.objects
      where bucket_id = ${bucket} ${names === "all" ? part`` : part`and name = any(${names})`}
      returning ${objectColumns}
    `,
  );
  for (const { version } of removed) if (version !== null) await files.remove(version);
  return removed;
}
