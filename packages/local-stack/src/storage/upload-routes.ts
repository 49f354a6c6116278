import type { Hono } from "hono";
import type { StorageContext, StorageDeps, StorageEnv } from "./context.ts";
import { checkMayWrite } from "./may-write.ts";
import { parseKey } from "./names.ts";
import { asService } from "./objects.ts";
import { targetOf } from "./target.ts";
import { uploadObject } from "./upload.ts";
import { parseMetadataHeader } from "./user-metadata.ts";

/** As on hosted. */
const signedUploadSeconds = 2 * 60 * 60;

/** Uploads in one request, by right or by signed link. */
export function addUploadRoutes(app: Hono<StorageEnv>, deps: StorageDeps): void {
  app.post("/object/upload/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const { caller } = c.env;
    parseKey(name);
    const upsert = wantsUpsert(c);
    const length = c.req.header("content-length");
    const announced = {
      bucket,
      name,
      userMetadata: parseMetadataHeader(c.req.header("x-metadata") ?? null),
      mimetype: c.req.header("content-type"),
      contentLength: length === undefined ? undefined : Number(length),
    };
    await checkMayWrite(deps.sql, caller, announced, upsert);
    const url = `${bucket}/${name}`;
    const grant = { owner: caller.userId, upsert };
    const token = await deps.tokens.signUpload(url, grant, signedUploadSeconds);
    return c.json({ url: `/object/upload/sign/${url}?token=${token}`, token });
  });

  // The signer's rights were checked when the link was made; the link alone decides now.
  app.put("/object/upload/sign/:bucket/:name{.+}", async (c) => {
    const { bucket, name } = targetOf(c);
    const grant = await deps.tokens.verifyUpload(c.req.query("token") ?? "", `${bucket}/${name}`);
    await uploadObject(deps, asService(c.env.caller), { bucket, name, ...grant }, c.req.raw);
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
