import type { Hono } from "hono";
import { serviceRole } from "../caller.ts";
import { requireBucket } from "./buckets.ts";
import type { StorageContext, StorageDeps, StorageEnv } from "./context.ts";
import { parseKey } from "./names.ts";
import { checkMayWrite } from "./objects.ts";
import { targetOf } from "./target.ts";
import { uploadObject } from "./upload.ts";

/** As on hosted. */
const signedUploadSeconds = 2 * 60 * 60;

/** Uploads in one request, by right or by signed link. */
export function addUploadRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  app.post("/object/upload/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const { caller } = c.env;
    parseKey(name);
    await requireBucket(deps.sql, bucket);
    const upsert = wantsUpsert(c);
    await checkMayWrite(deps.sql, caller, { bucket, name }, upsert);
    const url = `${bucket}/${name}`;
    const grant = { owner: caller.userId, upsert };
    const token = await deps.tokens.signUpload(url, grant, signedUploadSeconds);
    return c.json({ url: `/object/upload/sign/${url}?token=${token}`, token });
  });

  // The signer's rights were checked when the link was made; the link alone decides now.
  app.put("/object/upload/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const grant = await deps.tokens.verifyUpload(c.req.query("token") ?? "", `${bucket}/${name}`);
    await uploadObject(deps, serviceRole, { bucket, name, ...grant }, c.req.raw);
    return c.json({ Key: `${bucket}/${name}` });
  });

  const upload = (upsert: (c: StorageContext) => boolean) => async (c: StorageContext) => {
    const { bucket, name } = targetOf(c);
    const { caller } = c.env;
    const object = { bucket, name, upsert: upsert(c), owner: caller.userId };
    const id = await uploadObject(deps, caller, object, c.req.raw);
    return c.json({ Id: id, Key: `${bucket}/${name}` });
  };
  app.post("/object/:bucket/:name{.+}", upload(wantsUpsert));
  app.put(
    "/object/:bucket/:name{.+}",
    upload(() => true),
  );
}

function wantsUpsert(c: StorageContext): boolean {
  return c.req.header("x-upsert") === "true";
}
