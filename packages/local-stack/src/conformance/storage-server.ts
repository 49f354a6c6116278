/**
 * Stands in, within the copy of supabase/storage's `rls.test.ts`, for the modules of its server:
 * the same calls go over HTTP to the stack that the environment names. Copied there, not imported.
 */
import { createServer, request, type Server } from "node:http";
import { PassThrough, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { SignJWT } from "jose";
import pg from "pg";

const { SUPABASE_URL = "", SUPABASE_ADMIN_DB_URL = "", SUPABASE_JWT_SECRET = "" } = process.env;
const { SUPABASE_SECRET_KEY = "" } = process.env;

interface Injected {
  method: string;
  url: string;
  headers?: Record<string, string>;
  payload?: Readable | object;
}

/** What `fastify.inject` answers, as far as the test looks at it. */
interface Answer {
  statusCode: number;
  body: string;
  json(): unknown;
}

async function inject({ method, url, headers = {}, payload }: Injected): Promise<Answer> {
  const isForm = payload !== undefined && "pipe" in payload;
  const text = payload === undefined ? "" : JSON.stringify(payload);
  // The suite's forms are streams of an older kind, which only pipe.
  const bytes = isForm ? await buffer(payload.pipe(new PassThrough())) : Buffer.from(text);
  const announced = Number(headers["content-length"] ?? 0);
  // What stands behind a form's last boundary is ignored.
  const filler = Buffer.alloc(Math.max(0, announced - bytes.length));
  return await new Promise((resolve, reject) => {
    const type = isForm || text === "" ? {} : { "content-type": "application/json" };
    const outgoing = request(
      `${SUPABASE_URL}/storage/v1${url}`,
      { method, headers: { ...type, ...headers } },
      async (incoming) => {
        const body = String(await buffer(incoming));
        resolve({ statusCode: incoming.statusCode ?? 0, body, json: () => JSON.parse(body) });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(Buffer.concat([bytes, filler]));
  });
}

/** Passes on what a client sends to a port of its own, as the suite's resumable uploads do. */
function forwarder(): Server {
  return createServer((incoming, outgoing) => {
    const target = `${SUPABASE_URL}/storage/v1${incoming.url}`;
    const { method = "GET" } = incoming;
    // The stack's own: it answers with links that lead to the host that was asked.
    const headers = { ...incoming.headers, host: new URL(SUPABASE_URL).host };
    const forwarded = request(target, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
}

export default function app() {
  const server = forwarder();
  return {
    server,
    inject,
    listen: () => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)),
    close: async () => void server.close(),
  };
}

export function getConfig() {
  return {
    serviceKeyAsync: Promise.resolve(SUPABASE_SECRET_KEY),
    anonKeyAsync: Promise.resolve(""),
    tenantId: "conformance",
    jwtSecret: SUPABASE_JWT_SECRET,
    databaseURL: SUPABASE_ADMIN_DB_URL,
    storageS3Bucket: "",
    storageBackendType: "",
    storageS3Region: "",
  };
}

export function signJWT(claims: Record<string, string>, secret: string, expiresIn: string) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(new TextEncoder().encode(secret));
}

async function insert(table: string, row: Record<string, unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: SUPABASE_ADMIN_DB_URL });
  await client.connect();
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  const statement = `insert into storage.${table} (${names}) values (${places})`;
  await client.query(statement, Object.values(row)).finally(() => client.end());
}

/** The server's own hand in the database: buckets and rows past every policy. */
export class Storage {
  db = {
    connection: { dispose() {} },
    createObject: (row: { owner: string; bucket_id: string; name: string }) =>
      insert("objects", { ...row, owner_id: row.owner }),
  };

  createBucket(row: { id: string; name: string; public: boolean; owner: string }) {
    return insert("buckets", { ...row, owner_id: row.owner });
  }
}

/** Its S3 protocol, which the stack does not have: what uses it fails. */
export class S3Client {
  send(): never {
    throw new Error("the embedded stack has no S3 protocol");
  }
  destroy() {}
}
export class S3ServiceException extends Error {}
export class StoragePgDB {}
export class TenantLocation {}
export class CreateBucketCommand {}
export class CreateMultipartUploadCommand {}
export class UploadPartCommand {}
export class CompleteMultipartUploadCommand {}
export const wait = (milliseconds: number) => setTimeout(milliseconds);
export const createStorageBackend = () => ({ client: null });
export const getServiceKeyUser = () => null;
export const getPostgresConnection = () => null;
export const checkBucketExists = () => true;
