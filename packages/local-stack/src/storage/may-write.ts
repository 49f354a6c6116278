import { randomUUID } from "node:crypto";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { inStorage, type NewObject, writeObject } from "./objects.ts";

/** What is known of an object before its bytes are there. */
export interface AnnouncedObject extends Pick<NewObject, "bucket" | "name" | "userMetadata"> {
  mimetype?: string;
  contentLength?: number;
}

/**
 * Asks the policies whether the caller may write this object, before any byte is taken: writes the
 * row and rolls it back. The row's metadata has what hosted puts there, type and announced length.
 */
export async function checkMayWrite(
  sql: Sql,
  caller: Caller,
  { bucket, name, userMetadata, mimetype, contentLength }: AnnouncedObject,
  upsert: boolean,
): Promise<void> {
  const metadata = { mimetype, contentLength };
  const object = { bucket, name, owner: caller.userId, version: randomUUID(), metadata };
  const rollback = new Error("rolled back on purpose");
  try {
    await inStorage(sql, caller, async (tx) => {
      await writeObject(tx, { ...object, userMetadata }, upsert);
      throw rollback;
    });
  } catch (error) {
    if (error !== rollback) throw error;
  }
}
