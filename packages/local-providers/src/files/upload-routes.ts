import { type Context, Hono } from "hono";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { requireApiKey } from "../api-key.ts";
import type { ProvidersEnv } from "../request-log.ts";
import type { FileStore } from "./file-store.ts";
import { readRelated } from "./multipart-related.ts";
import { type StoredFile, toFileResource } from "./stored-file.ts";
import type { UploadSession } from "./upload-session.ts";

const startBody = z
  .object({ file: z.object({ displayName: z.string().max(512) }).partial() })
  .partial();
const byteCount = z.coerce.number().int().nonnegative();

/**
 * `/upload/<version>/files`: the multipart upload protocol, in one request with the key, and the
 * resumable one. The first request (`start`) needs the
 * key and names the size and type; the address it answers with takes `upload`, `finalize`, `query`
 * and `cancel`, and is a secret in itself.
 */
export function uploadRoutes(store: FileStore): Hono<ProvidersEnv> {
  const routes = new Hono<ProvidersEnv>();
  const needKey = requireApiKey("generativelanguage.googleapis.com");

  routes.post("/upload/:version{v1beta|v1}/files", async (context, next) => {
    if (context.req.query("upload_id") !== undefined) return continueUpload(context, store);
    let response: Response | undefined;
    await needKey(context, async () => {
      const isMultipart = context.req.header("x-goog-upload-protocol") === "multipart";
      response = isMultipart
        ? await uploadAtOnce(context, store)
        : await startUpload(context, store);
    });
    return response ?? next();
  });
  return routes;
}

async function startUpload(context: Context<ProvidersEnv>, store: FileStore): Promise<Response> {
  const { req } = context;
  if (req.header("x-goog-upload-protocol") !== "resumable" || !commands(context).has("start")) {
    throw new ApiError(
      400,
      "An upload begins with X-Goog-Upload-Protocol: resumable and X-Goog-Upload-Command: start.",
    );
  }
  const length = req.header("x-goog-upload-header-content-length");
  const session = await store.startUpload({
    displayName: readDisplayName(await req.text()),
    mimeType: req.header("x-goog-upload-header-content-type") ?? "application/octet-stream",
    declaredSize:
      length === undefined ? null : readCount(length, "X-Goog-Upload-Header-Content-Length"),
  });
  const url = new URL(req.url);
  url.search = new URLSearchParams({
    upload_id: session.id,
    upload_protocol: "resumable",
  }).toString();
  return context.body(null, 200, {
    "X-Goog-Upload-Status": "active",
    "X-Goog-Upload-URL": url.href,
    "X-Goog-Upload-Control-URL": url.href,
    "X-Goog-Upload-Chunk-Granularity": `${8 * 1024 * 1024}`,
  });
}

async function uploadAtOnce(context: Context<ProvidersEnv>, store: FileStore): Promise<Response> {
  const { req } = context;
  const body = Buffer.from(await req.arrayBuffer());
  const { description, mimeType, bytes } = readRelated(req.header("content-type") ?? "", body);
  const displayName = readDisplayName(description);
  const session = await store.startUpload({ displayName, mimeType, declaredSize: bytes.length });
  context.set("received", await session.append(0, whole(bytes)));
  return await finishUpload(context, store, session);
}

async function continueUpload(context: Context<ProvidersEnv>, store: FileStore): Promise<Response> {
  const { req } = context;
  const uploadId = req.query("upload_id") ?? "";
  const finished = store.finished(uploadId);
  if (finished !== null) return finalAnswer(context, finished);
  const session = store.session(uploadId);
  const asked = commands(context);
  if (asked.has("query")) {
    return context.body(null, 200, {
      "X-Goog-Upload-Status": "active",
      "X-Goog-Upload-Size-Received": `${session.received}`,
    });
  }
  if (asked.has("cancel")) {
    await store.cancelUpload(session);
    return context.body(null, 200, { "X-Goog-Upload-Status": "cancelled" });
  }
  if (!asked.has("upload") && !asked.has("finalize")) {
    throw new ApiError(400, "X-Goog-Upload-Command must be upload, finalize, query or cancel.");
  }
  if (asked.has("upload")) {
    const offset = readCount(req.header("x-goog-upload-offset") ?? "", "X-Goog-Upload-Offset");
    const chunk = await session.append(offset, req.raw.body ?? emptyBody());
    context.set("received", chunk);
  }
  if (!asked.has("finalize")) {
    return context.body(null, 200, {
      "X-Goog-Upload-Status": "active",
      "X-Goog-Upload-Size-Received": `${session.received}`,
    });
  }
  return await finishUpload(context, store, session);
}

async function finishUpload(
  context: Context<ProvidersEnv>,
  store: FileStore,
  session: UploadSession,
): Promise<Response> {
  const file = await store.finishUpload(session);
  context.set("file", { name: `files/${file.id}`, bytes: file.sizeBytes, sha256: file.sha256Hex });
  return finalAnswer(context, file);
}

function readDisplayName(text: string): string | null {
  const body = startBody.safeParse(text.trim() === "" ? {} : parseJson(text));
  if (body.success) return body.data.file?.displayName ?? null;
  throw new ApiError(400, `Invalid JSON payload: ${z.prettifyError(body.error)}`);
}

function finalAnswer(context: Context<ProvidersEnv>, file: StoredFile): Response {
  // The address is the upload's own, under /upload; files are served without that.
  const { origin, pathname } = new URL(context.req.url);
  const base = `${origin}/${pathname.split("/")[2] ?? "v1beta"}`;
  return context.json({ file: toFileResource(file, base) }, 200, {
    "X-Goog-Upload-Status": "final",
    "X-Goog-Upload-Size-Received": `${file.sizeBytes}`,
  });
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function commands(context: Context): Set<string> {
  const header = context.req.header("x-goog-upload-command") ?? "";
  return new Set(header.split(",").map((command) => command.trim().toLowerCase()));
}

function readCount(text: string, header: string): number {
  const count = byteCount.safeParse(text === "" ? undefined : text);
  if (!count.success) throw new ApiError(400, `${header} must be a whole number of bytes.`);
  return count.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, "Invalid JSON payload received.");
  }
}
