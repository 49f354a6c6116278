import type { Context } from "hono";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import type { FileArea } from "./files.ts";
import type { SignedTokens } from "./tokens.ts";

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
