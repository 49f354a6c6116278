import pg from "pg";
import type { Sql } from "../sql/sql.ts";
import type { Identity } from "./identity.ts";

export type Extension = "broadcast" | "presence";

class RolledBack extends Error {}

/**
 * Asks the policies of `realtime.messages` what an identity may do on a private topic: read where it
 * sees a row of that topic and extension, write where it may insert one. Nothing stays behind.
 * @param headers of the request that opened the connection, for policies that look at them
 * @throws pg.DatabaseError where a policy cannot be evaluated
 */
export async function askPolicies(
  sql: Sql,
  { role, claims }: Identity,
  topic: string,
  headers: string,
  ask: { read?: Extension[]; write?: Extension[] },
): Promise<{ read: Set<string>; write: Set<string> }> {
  const read = new Set<string>();
  const write = new Set<string>();
  const transaction = sql.begin(async (tx) => {
    const probes =
      ask.read === undefined
        ? []
        : await tx<{ id: string }>`
            insert into realtime.messages (topic, extension)
            select ${topic}, unnest(string_to_array(${ask.read.join(",")}, ','))
            returning id`;
    await tx`
      select
        set_config('role', ${role}, true),
        set_config('realtime.topic', ${topic}, true),
        set_config('request.jwt.claims', ${claims}, true),
        set_config('request.headers', ${headers}, true)`;
    if (probes.length > 0) {
      const visible = await tx<{ extension: string }>`
        select extension from realtime.messages
        where id = any(${probes.map(({ id }) => id)})`;
      for (const { extension } of visible) read.add(extension);
    }
    for (const extension of ask.write ?? []) {
      await tx`savepoint before_write`;
      try {
        await tx`insert into realtime.messages (topic, extension) values (${topic}, ${extension})`;
        write.add(extension);
      } catch (error) {
        await tx`rollback to savepoint before_write`;
        const isRefused = error instanceof pg.DatabaseError && error.code === "42501";
        if (!isRefused) throw error;
      }
    }
    throw new RolledBack();
  });
  await transaction.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  return { read, write };
}
