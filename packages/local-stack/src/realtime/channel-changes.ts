import { crc32 } from "node:zlib";
import { messageOf } from "../stack-error.ts";
import { type Binding, BindingError, parseBinding } from "./binding.ts";
import type { Identity } from "./identity.ts";
import { publication, type Services } from "./services.ts";
import { checkBindings, type Subscriber, type Subscription } from "./subscriptions.ts";

const retryMs = 5_000;

/** The `postgres_changes` of one channel: they come into force, are renewed, and end together. */
export class ChannelChanges {
  readonly #services: Services;
  readonly #subscriber: Subscriber;
  readonly #tell: (status: "ok" | "error", message: string) => void;
  readonly #params: Record<string, unknown>[];
  #subscriptions: Subscription[] = [];
  #identity: Identity | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Counts attempts, so that an overtaken one has no effect. */
  #attempt = 0;
  #stopped = false;

  constructor(
    services: Services,
    params: Record<string, unknown>[],
    subscriber: Subscriber,
    tell: (status: "ok" | "error", message: string) => void,
  ) {
    this.#services = services;
    this.#params = params;
    this.#subscriber = subscriber;
    this.#tell = tell;
    if (params.length > 0) services.onResume.add(this.#resume);
  }

  /** What the reply to a join repeats: each binding as asked for, with the id that events carry. */
  describe(): Record<string, unknown>[] {
    return this.#params.map((params) => ({ ...params, id: idOf(params) }));
  }

  /** Comes into force and tells so, or tells why not. */
  async announce(identity: Identity): Promise<void> {
    if (this.#params.length === 0) return;
    const attempt = this.#attempt + 1;
    try {
      if (await this.start(identity)) this.#tell("ok", "Subscribed to PostgreSQL");
    } catch (error) {
      if (this.#stopped || attempt !== this.#attempt) return;
      const message = messageOf(error);
      this.#tell("error", message);
      // What is wrong with a binding stays wrong; the database may come back.
      if (error instanceof BindingError) this.#replace([]);
      else this.#retry = setTimeout(() => void this.announce(identity), retryMs);
    }
  }

  /**
   * Checks the bindings for an identity and puts them into force, in the place of those before.
   * @returns false where it was overtaken by another attempt
   * @throws BindingError
   */
  async start(identity: Identity): Promise<boolean> {
    const attempt = ++this.#attempt;
    clearTimeout(this.#retry);
    this.#identity = identity;
    const { sql, replication } = this.#services;
    const bindings = this.#params.map(parseBinding);
    await replication.ready();
    const from = await checkBindings(sql, publication, bindings, identity.role);
    await replication.follow(publication);
    if (attempt !== this.#attempt || this.#stopped) return false;
    this.#replace(
      bindings.map((binding: Binding, index) => ({
        id: idOf(this.#params[index] ?? {}),
        binding,
        identity,
        subscriber: this.#subscriber,
        from,
      })),
    );
    return true;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#services.onResume.delete(this.#resume);
    this.#replace([]);
  }

  /** The client learns from the second `ok` that it may have missed changes. */
  readonly #resume = (): void => {
    if (this.#identity !== undefined) void this.announce(this.#identity);
  };

  #replace(subscriptions: Subscription[]): void {
    for (const subscription of this.#subscriptions) {
      this.#services.subscriptions.delete(subscription);
    }
    this.#subscriptions = subscriptions;
    for (const subscription of subscriptions) this.#services.subscriptions.add(subscription);
  }
}

/** Equal for equal bindings, as on hosted. */
function idOf(params: Record<string, unknown>): number {
  return crc32(JSON.stringify(params)) & 0x7ff_ffff;
}
