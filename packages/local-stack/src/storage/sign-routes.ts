import type { Hono } from "hono";
import { z } from "zod";
import type { StorageDeps, StorageEnv } from "./context.ts";
import { imagesNotAvailable, noSuchKey } from "./errors.ts";
import { findObject, inStorage } from "./objects.ts";
import { parseBody } from "./parse-body.ts";
import { targetOf } from "./target.ts";

const signOne = z.object({
  expiresIn: z.int().positive(),
  transform: z.record(z.string(), z.unknown()).nullish(),
});
const signMany = z.object({
  expiresIn: z.int().positive(),
  paths: z.array(z.string()).min(1).max(1000),
});

/** Links for reading an object without any other right, for a time. */
export function addSignRoutes(app: Hono<StorageEnv>, { sql, tokens }: StorageDeps): void {
  // The path stays unescaped: storage-js escapes the whole link.
  const link = async (bucket: string, name: string, expiresIn: number) => {
    const url = `${bucket}/${name}`;
    return `/object/sign/${url}?token=${await tokens.signDownload(url, expiresIn)}`;
  };

  app.post("/object/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const { expiresIn, transform } = await parseBody(c, signOne);
    if (transform && Object.keys(transform).length > 0) throw imagesNotAvailable();
    const found = await inStorage(sql, c.env.caller, (tx) => findObject(tx, bucket, name));
    if (!found) throw noSuchKey();
    return c.json({ signedURL: await link(bucket, name, expiresIn) });
  });

  app.post("/object/sign/:bucket", async (c) => {
    const bucket = c.req.param("bucket");
    const { expiresIn, paths } = await parseBody(c, signMany);
    const rows = await inStorage(
      sql,
      c.env.caller,
      (tx) => tx<{ name: string }>`
        select name from storage.objects where bucket_id = ${bucket} and name = any(${paths})
      `,
    );
    const visible = new Set(rows.map((row) => row.name));
    const missing = "Either the object does not exist or you do not have access to it";
    const links = paths.map(async (path) =>
      visible.has(path)
        ? { error: null, path, signedURL: await link(bucket, path, expiresIn) }
        : { error: missing, path, signedURL: null },
    );
    return c.json(await Promise.all(links));
  });
}
