import pg from "pg";
import { type Identity, TokenError } from "./identity.ts";
import type { Services } from "./services.ts";

/**
 * What one channel may do. Everything on a public topic; on a private one what policies said for
 * the present token: reading is asked when it joins, writing at the first attempt.
 */
export class ChannelPolicies {
  readonly #services: Services;
  readonly #topic: string;
  readonly #isPrivate: boolean;
  readonly #headers: string;
  #identity: Identity | undefined;
  #read = new Set<string>();
  #write = new Map<Extension, Promise<boolean>>();

  constructor(services: Services, topic: string, isPrivate: boolean, headers: string) {
    this.#services = services;
    this.#topic = topic;
    this.#isPrivate = isPrivate;
    this.#headers = headers;
  }

  /**
   * Asks anew, for a new token.
   * @returns whether something that could be read before no longer can
   * @throws TokenError where nothing can be read
   */
  async renew(identity: Identity): Promise<boolean> {
    this.#identity = identity;
    this.#write.clear();
    if (!this.#isPrivate) return false;
    const read = (await this.#ask(identity, { read: ["broadcast", "presence"] }))?.read;
    const lost = [...this.#read].some((extension) => !read?.has(extension));
    this.#read = read ?? new Set();
    if (this.#read.size === 0) {
      throw new TokenError(
        "Unauthorized",
        `You do not have permissions to read from this Channel topic: ${this.#topic}`,
      );
    }
    return lost;
  }

  mayRead(extension: Extension): boolean {
    return !this.#isPrivate || this.#read.has(extension);
  }

  async mayWrite(extension: Extension): Promise<boolean> {
    const identity = this.#identity;
    if (!this.#isPrivate || identity === undefined) return !this.#isPrivate;
    const asked = this.#write.get(extension) ?? this.#askWrite(identity, extension);
    this.#write.set(extension, asked);
    return await asked;
  }

  async #askWrite(identity: Identity, extension: Extension): Promise<boolean> {
    const answer = await this.#ask(identity, { write: [extension] });
    if (answer === null) this.#write.delete(extension);
    return answer?.write.has(extension) ?? false;
  }

  #ask(identity: Identity, what: Parameters<typeof askPolicies>[4]) {
    return askPolicies(this.#services, identity, this.#topic, this.#headers, what);
  }
}

export type Extension = "broadcast" | "presence";

class RolledBack extends Error {}

/**
 * Asks the policies of `realtime.messages` what an identity may do on a private topic: read where it
 * sees a row of that topic and extension, write where it may insert one. Nothing stays behind.
 * @param headers of the request that opened the connection, for policies that look at them
 * @returns null where a policy cannot be evaluated, which the log says
 */
export async function askPolicies(
  { sql, log }: Pick<Services, "sql" | "log">,
  { role, claims }: Identity,
  topic: string,
  headers: string,
  ask: { read?: Extension[]; write?: Extension[] },
): Promise<{ read: Set<string>; write: Set<string> } | null> {
  const read = new Set<string>();
  const write = new Set<string>();
  const asked = sql.begin(async (tx) => {
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
  return await asked.catch((error: unknown) => {
    if (error instanceof RolledBack) return { read, write };
    log(`realtime: a policy on realtime.messages failed: ${String(error)}`);
    return null;
  });
}
