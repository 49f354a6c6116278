import { randomUUID } from "node:crypto";
import { asCaller, type Caller, serviceRole } from "../caller.ts";
import type { Queries, Sql } from "../sql/sql.ts";
import { identifier, insertion, type Part, part } from "../sql/statement.ts";
import type { StorageDeps } from "./context.ts";
import { fromDatabase } from "./errors.ts";
import type { UserMetadata } from "./receive.ts";

/** `storage.objects.metadata`, as hosted writes it. */
interface ObjectMetadata {
  eTag: string;
  size: number;
  mimetype: string;
  cacheControl: string;
  lastModified: string;
  contentLength: number;
  httpStatusCode: number;
}

export interface ObjectRow {
  id: string;
  name: string;
  bucket_id: string;
  owner: string | null;
  owner_id: string | null;
  version: string | null;
  /** ISO 8601. */
  created_at: string;
  updated_at: string;
  last_accessed_at: string;
  metadata: Partial<ObjectMetadata> | null;
  user_metadata: UserMetadata | null;
}

/** An object on its way into the table. */
export interface NewObject {
  bucket: string;
  name: string;
  owner: string | null;
  version: string;
  metadata: Partial<ObjectMetadata>;
  userMetadata: UserMetadata | null;
}

/** Work as the caller, with refusals in Storage's words. */
export async function inStorage<Result>(
  sql: Sql,
  caller: Caller,
  work: (tx: Queries) => Promise<Result>,
): Promise<Result> {
  try {
    return await asCaller(sql, caller, work);
  } catch (error) {
    throw fromDatabase(error);
  }
}

/** One statement as the caller. */
export function ask(sql: Sql, caller: Caller) {
  return <Row extends object = Record<string, unknown>>(
    strings: TemplateStringsArray,
    ...values: unknown[]
  ): Promise<Row[]> => inStorage(sql, caller, (tx) => tx<Row>(strings, ...values));
}

/** Beside or beyond the caller's rights, for the same request. */
export function asService({ settings }: Caller): Caller {
  return { ...serviceRole, settings };
}

/** The columns of an `ObjectRow`, for `select` and `returning`. */
export const objectColumns = part`
  id, name, bucket_id, owner, owner_id, version, metadata, user_metadata,
  ${isoTime("created_at")}, ${isoTime("updated_at")}, ${isoTime("last_accessed_at")}
`;

/** The object as far as the caller may see it, else undefined. */
async function findObject(
  tx: Queries,
  bucket: string,
  name: string,
): Promise<ObjectRow | undefined> {
  const [row] = await tx<ObjectRow>`
    select ${objectColumns} from storage.objects where bucket_id = ${bucket} and name = ${name}
  `;
  return row;
}

/** The same in a transaction of its own. */
export function lookUp(sql: Sql, caller: Caller, bucket: string, name: string) {
  return inStorage(sql, caller, (tx) => findObject(tx, bucket, name));
}

/** The `version` of an object that a write replaced: its file has no row any more. */
export interface Written {
  id: string;
  replaced: string | null;
}

/**
 * Puts the row of a whole file. Without `upsert` this is a plain insert, which needs no right to
 * read; with it Postgres asks for insert, select and update, as on hosted.
 */
export async function writeObject(
  tx: Queries,
  object: NewObject,
  upsert: boolean,
): Promise<Written> {
  // Two writers of one name take turns: each then knows exactly which file it replaced.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`${object.bucket}/${object.name}`}, 0))`;
  const existing = await findObject(tx, object.bucket, object.name);
  // A finish that is repeated after its answer was lost has nothing left to do.
  if (existing?.version === object.version) return { id: existing.id, replaced: null };

  const id = randomUUID();
  const values = {
    id,
    bucket_id: object.bucket,
    name: object.name,
    owner: isUuid(object.owner) ? object.owner : null,
    owner_id: object.owner,
    version: object.version,
    metadata: object.metadata,
    user_metadata: object.userMetadata,
  };
  await tx`
    insert into storage.objects ${insertion(values)}
    ${
      upsert
        ? part`
            on conflict (bucket_id, name) do update set
              version = excluded.version, metadata = excluded.metadata,
              user_metadata = excluded.user_metadata, owner = excluded.owner,
              owner_id = excluded.owner_id, updated_at = now()
          `
        : part``
    }
  `;
  return { id: existing?.id ?? id, replaced: existing?.version ?? null };
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

export function describeFile(
  version: string,
  size: number,
  mimetype: string,
  cacheControl: string,
): ObjectMetadata {
  return {
    // A version never changes its bytes, so it is as strong a validator as a hash of them.
    eTag: `"${version.replaceAll("-", "")}"`,
    size,
    mimetype,
    cacheControl,
    lastModified: new Date().toISOString(),
    contentLength: size,
    httpStatusCode: 200,
  };
}

function isUuid(value: string | null): boolean {
  return value !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** A column of times as ISO 8601 text, under its own name. */
export function isoTime(column: string): Part {
  const time = identifier(column);
  return part`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${time}`;
}
