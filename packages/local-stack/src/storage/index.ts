import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { createApp } from "./app.ts";
import { createFileArea } from "./files.ts";
import { withRequest } from "./operations.ts";
import { removeOrphans } from "./orphans.ts";
import { createTokens } from "./tokens.ts";

export interface StorageOptions {
  /** Connected as `supabase_admin`; every request runs in its caller's role. */
  sql: Sql;
  /** Holds the objects' bytes; created where missing. Belongs to one database. */
  directory: string;
  /** Signed links end with this secret: keep it to keep them valid. */
  signingSecret: string;
  /** Bytes that no object may exceed, whatever its bucket says. Default: any size. */
  fileSizeLimit?: number;
  /** Told what went wrong through no fault of a caller's. Default: standard error. */
  log?(line: string): void;
}

export interface Storage {
  /** Answers a request whose path begins below `/storage/v1`. Never throws. */
  fetch(request: Request, caller: Caller): Promise<Response>;
}

/**
 * Supabase Storage for one machine: rows in `storage.objects`, whose policies decide, and bytes
 * in files beside them. Speaks what storage-js and TUS clients speak.
 */
export function createStorage(options: StorageOptions): Storage {
  const { sql, directory, signingSecret, fileSizeLimit = null, log = console.error } = options;
  const files = createFileArea(directory);
  const app = createApp({
    sql,
    files,
    tokens: createTokens(signingSecret),
    fileSizeLimit,
    log,
  });
  const tidied = removeOrphans(sql, files, log);

  return {
    async fetch(request, caller) {
      await tidied;
      return app.fetch(request, { caller: withRequest(caller, request) });
    },
  };
}
