import { askPolicies, type Extension } from "./authorization.ts";
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
    const { sql, log } = this.#services;
    const read: Extension[] = ["broadcast", "presence"];
    const answer = await askPolicies(sql, identity, this.#topic, this.#headers, { read }).catch(
      (error: unknown) => {
        log(`realtime: a policy on realtime.messages failed: ${String(error)}`);
        return { read: new Set<string>() };
      },
    );
    const lost = [...this.#read].some((extension) => !answer.read.has(extension));
    this.#read = answer.read;
    if (answer.read.size === 0) {
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
    const { sql, log } = this.#services;
    try {
      const write = [extension];
      const answer = await askPolicies(sql, identity, this.#topic, this.#headers, { write });
      return answer.write.has(extension);
    } catch (error) {
      this.#write.delete(extension);
      log(`realtime: a policy on realtime.messages failed: ${String(error)}`);
      return false;
    }
  }
}
