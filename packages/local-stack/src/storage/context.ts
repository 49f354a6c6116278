import type { Context } from "hono";
import type { z } from "zod";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { invalidRequest } from "./errors.ts";
import type { FileArea } from "./files.ts";
import type { SignedTokens } from "./tokens.ts";
import { check } from "./validate.ts";

/** What every route works with. */
export interface StorageDeps {
  /** As `supabase_admin`; routes use it only through `inStorage`, in the caller's role. */
  sql: Sql;
  files: FileArea;
  tokens: SignedTokens;
  /** Bytes; for all buckets. */
  fileSizeLimit: number | null;
  log(line: string): void;
}

/** Hono's typing of the caller that the gateway hands over with each request. */
export interface StorageEnv {
  Bindings: { caller: Caller };
}

export type StorageContext = Context<StorageEnv>;

/** The object a route's path names. The name is as asked for: `parseKey` before writing it. */
export function targetOf(c: StorageContext): { bucket: string; name: string } {
  return { bucket: c.req.param("bucket") ?? "", name: c.req.param("name") ?? "" };
}

/** The JSON body of a request, checked. An empty body counts as `{}`. */
export async function parseBody<Schema extends z.ZodType>(c: StorageContext, schema: Schema) {
  return check("body", schema, readJson(await c.req.text()));
}

/** The query parameters of a request, checked. */
export function parseQuery<Schema extends z.ZodType>(c: StorageContext, schema: Schema) {
  return check("querystring", schema, c.req.query());
}

function readJson(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest("The body is not valid JSON");
  }
}
