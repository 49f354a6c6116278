import { type Caller, serviceRole } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { part } from "../sql/statement.ts";
import { noSuchBucket } from "./errors.ts";
import { isoTime } from "./iso-time.ts";
import type { BucketLimits } from "./limits.ts";
import { inStorage } from "./objects.ts";

export interface BucketRow {
  id: string;
  name: string;
  owner: string | null;
  public: boolean;
  file_size_limit: number | null;
  allowed_mime_types: string[] | null;
  /** ISO 8601. */
  created_at: string;
  updated_at: string;
}

/** What every caller's request is checked against, seen or not. */
export interface Bucket extends BucketLimits {
  id: string;
  public: boolean;
}

/** @throws StorageError `Bucket not found` */
export async function requireBucket(sql: Sql, id: string): Promise<Bucket> {
  const row = await findBucket(sql, serviceRole, id);
  if (!row) throw noSuchBucket();
  return {
    id: row.id,
    public: row.public,
    fileSizeLimit: row.file_size_limit,
    allowedMimeTypes: row.allowed_mime_types,
  };
}

/** The bucket as far as the caller may see it, else undefined. */
export async function findBucket(
  sql: Sql,
  caller: Caller,
  id: string,
): Promise<BucketRow | undefined> {
  const [row] = await inStorage(
    sql,
    caller,
    (tx) => tx<BucketRow>`select ${bucketColumns} from storage.buckets where id = ${id}`,
  );
  return row;
}

/** The columns of a `BucketRow`, for `select`. */
export const bucketColumns = part`
  id, name, owner, coalesce(public, false) as public, file_size_limit::float8 as file_size_limit,
  allowed_mime_types, ${isoTime("created_at")}, ${isoTime("updated_at")}
`;
