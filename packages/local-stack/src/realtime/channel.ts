import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BindingError } from "./binding.ts";
import { ChannelChanges } from "./channel-changes.ts";
import { encodePush, type Frame, type Vsn } from "./frames.ts";
import { type Identity, TokenError } from "./identity.ts";
import { type JoinRequest, readJoinRequest } from "./join-request.ts";
import { readReplay } from "./messages.ts";
import { ChannelPolicies } from "./policies.ts";
import type { Services } from "./services.ts";
import type { Subscriber } from "./subscriptions.ts";
import { encodeBroadcast, type Member, topicKey } from "./topics.ts";

/** The socket as its channels see it. */
export interface Connection {
  readonly vsn: Vsn;
  /** Who the API key stands for. */
  readonly identity: Identity;
  /** Headers of the request that opened it, as JSON. */
  readonly headers: string;
  /** @returns where much is waiting to be sent, when it has been */
  send(data: string | Buffer): Promise<void> | undefined;
  /** The channel has ended; nothing more is for it. */
  forget(channel: Channel): void;
}

/** Tokens may live longer than a timer can wait. */
const maxTimerMs = 3_600_000;

/** One topic that one socket has joined. */
export class Channel implements Member, Subscriber {
  readonly topic: string;
  readonly joinRef: string | null;
  readonly #name: string;
  readonly #key: string;
  readonly #services: Services;
  readonly #connection: Connection;
  readonly #request: JoinRequest;
  readonly #policies: ChannelPolicies;
  readonly #changes: ChannelChanges;
  readonly #presenceKey: string;
  readonly #replayed = new Set<string>();
  #presenceEnabled: boolean;
  #token: string | null;
  #identity: Identity;
  #expiry: NodeJS.Timeout | undefined;
  #ended = false;
  /** Frames of a channel are answered one after the other. */
  #work: Promise<void>;

  /** Begins to join; the reply says how it went. */
  constructor(services: Services, connection: Connection, frame: Frame) {
    this.topic = frame.topic;
    this.joinRef = frame.joinRef;
    this.#name = frame.topic.slice("realtime:".length);
    this.#services = services;
    this.#connection = connection;
    this.#request = readJoinRequest(frame.payload);
    const { isPrivate, presence, changes, token } = this.#request;
    this.#key = topicKey(this.#name, isPrivate);
    this.#presenceEnabled = presence.enabled;
    this.#presenceKey = presence.key ?? randomUUID();
    this.#token = token;
    this.#identity = connection.identity;
    this.#policies = new ChannelPolicies(services, this.#name, isPrivate, connection.headers);
    this.#changes = new ChannelChanges(services, changes, this, (status, message) =>
      this.#system("postgres_changes", status, message),
    );
    this.#work = this.#join(frame.ref).catch((error: unknown) => {
      this.#reply(frame.ref, "error", { reason: this.#reasonOf(error) });
      this.end();
    });
  }

  get vsn(): Vsn {
    return this.#connection.vsn;
  }

  handle(frame: Frame): void {
    this.#work = this.#work.then(async () => {
      if (this.#ended) return;
      try {
        await this.#answer(frame);
      } catch (error) {
        this.#services.log(`realtime: ${frame.event}: ${String(error)}`);
        this.#reply(frame.ref, "error", {});
      }
    });
  }

  /** Ends without a word, as when the socket has gone. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#expiry);
    this.#changes.stop();
    this.#services.topics.leave(this.#key, this);
    this.#services.presences.untrack(this.#key, this);
    this.#connection.forget(this);
  }

  /** Ends and tells the client, which then does not join again by itself. */
  close(): void {
    if (this.#ended) return;
    this.end();
    this.#push("phx_close", {}, this.joinRef);
  }

  deliver(ids: number[], data: string): Promise<void> | undefined {
    return this.#pushJson("postgres_changes", `{"ids":${JSON.stringify(ids)},"data":${data}}`);
  }

  send(data: string | Buffer): Promise<void> | undefined {
    return this.#connection.send(data);
  }

  mayReadBroadcast(): boolean {
    return this.#policies.mayRead("broadcast");
  }

  mayReadPresence(): boolean {
    return this.#presenceEnabled && this.#policies.mayRead("presence");
  }

  hasSeen(messageId: string): boolean {
    return this.#replayed.has(messageId);
  }

  async #join(ref: string | null): Promise<void> {
    const { topics, presences, replication } = this.#services;
    const { token, wait, broadcast } = this.#request;
    if (this.#name === "")
      throw new TokenError("TopicNameRequired", "You must provide a topic name");
    const identity =
      token === null ? this.#connection.identity : await this.#services.identities.ofToken(token);
    this.#assume(identity);
    await this.#policies.renew(identity);
    const replay = await readReplay(this.#services.sql, this.#name, this.#request, () =>
      this.mayReadBroadcast(),
    );
    for (const { id } of replay) this.#replayed.add(id);
    if (wait !== null) await this.#startWithin(wait);
    if (this.#ended) return;

    topics.join(this.#key, this);
    this.#reply(ref, "ok", { postgres_changes: this.#changes.describe() });
    if (this.mayReadPresence()) this.#pushJson("presence_state", presences.state(this.#key));
    for (const { broadcast: message } of replay) {
      const data = encodeBroadcast(this.topic, message, this.vsn);
      if (data !== null) this.send(data);
    }
    if (broadcast.replication_ready) {
      replication.ready().then(
        () => this.#system("system", "ok", "Replication connection established"),
        () => {},
      );
    }
    if (wait === null) void this.#changes.announce(identity);
    else if (this.#request.changes.length > 0) {
      this.#system("postgres_changes", "ok", "Subscribed to PostgreSQL");
    }
  }

  async #startWithin(milliseconds: number): Promise<void> {
    if (this.#request.changes.length === 0) return;
    const timeout = sleep(milliseconds, undefined, { ref: false }).then(() => {
      const message = `Timed out after ${milliseconds}ms waiting for the postgres_changes subscription`;
      throw new TokenError("PostgresChangesSubscribeTimeout", message);
    });
    await Promise.race([this.#changes.start(this.#identity), timeout]);
  }

  async #answer(frame: Frame): Promise<void> {
    switch (frame.event) {
      case "phx_leave":
        this.#reply(frame.ref, "ok", {});
        return this.close();
      case "access_token":
        return await this.#renewToken(frame.payload);
      case "broadcast":
        return await this.#broadcast(frame);
      case "presence":
        return await this.#presence(frame);
    }
  }

  async #broadcast({ ref, payload, broadcast }: Frame): Promise<void> {
    const { ack, self } = this.#request.broadcast;
    if (!(await this.#policies.mayWrite("broadcast"))) return;
    const message = broadcast ? { user: broadcast } : { payload: JSON.stringify(payload ?? {}) };
    this.#services.topics.broadcast(this.#key, message, self ? undefined : this);
    if (ack) this.#reply(ref, "ok", {});
  }

  async #presence({ ref, payload }: Frame): Promise<void> {
    const { presences } = this.#services;
    const { event, payload: tracked = {} } = asRecord(payload);
    const action = typeof event === "string" ? event.toLowerCase() : "";
    if (action === "untrack") {
      presences.untrack(this.#key, this);
    } else if (action !== "track" || !(await this.#policies.mayWrite("presence"))) {
      return this.#reply(ref, "error", {});
    } else if (typeof tracked !== "object" || tracked === null || Array.isArray(tracked)) {
      return this.#reply(ref, "error", { reason: "Presence track payload must be a map" });
    } else {
      presences.track(this.#key, this, this.#presenceKey, { ...tracked });
      if (!this.#presenceEnabled) {
        // Who tracks is told of the others from now on, and needs to know who was there before.
        this.#presenceEnabled = true;
        if (this.mayReadPresence()) this.#pushJson("presence_state", presences.state(this.#key));
      }
    }
    this.#reply(ref, "ok", {});
  }

  async #renewToken(payload: unknown): Promise<void> {
    const { access_token: token } = asRecord(payload);
    if (typeof token !== "string" || token.startsWith("sb_") || token === this.#token) return;
    try {
      const identity = await this.#services.identities.ofToken(token);
      this.#token = token;
      this.#assume(identity);
      if (await this.#policies.renew(identity)) {
        const message = `You no longer have permission to read from this Channel topic: ${this.#name}`;
        return this.#shutDown(message);
      }
      await this.#changes.announce(identity);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      this.#shutDown(error.message);
    }
  }

  /** From now on the channel acts as this identity, until its token expires. */
  #assume(identity: Identity): void {
    clearTimeout(this.#expiry);
    this.#identity = identity;
    // The socket may have gone while the token was read: a timer would outlive the server.
    if (this.#ended || identity.expiresAt === null) return;
    const remaining = identity.expiresAt - Date.now();
    this.#expiry = setTimeout(
      () => {
        if (remaining > maxTimerMs) return this.#assume(identity);
        this.#shutDown("Token has expired 0 seconds ago");
      },
      Math.min(remaining, maxTimerMs),
    );
  }

  #shutDown(message: string): void {
    if (this.#ended) return;
    this.#system("system", "error", message);
    this.close();
  }

  #reasonOf(error: unknown): string {
    if (error instanceof TokenError) return `${error.code}: ${error.message}`;
    if (error instanceof BindingError) return `RealtimeDisabledForConfiguration: ${error.message}`;
    this.#services.log(`realtime: joining ${this.topic}: ${String(error)}`);
    return "Unknown Error on Channel";
  }

  #system(extension: string, status: "ok" | "error", message: string): void {
    if (this.#ended) return;
    this.#push("system", { extension, status, message, channel: this.#name });
  }

  #reply(ref: string | null, status: "ok" | "error", response: Record<string, unknown>): void {
    this.#push("phx_reply", { status, response }, ref);
  }

  #push(event: string, payload: Record<string, unknown>, ref: string | null = null): void {
    const { topic, joinRef } = this;
    const push = { joinRef, ref, topic, event, payload: JSON.stringify(payload) };
    this.send(encodePush(push, this.vsn));
  }

  #pushJson(event: string, payload: string): Promise<void> | undefined {
    const push = { joinRef: null, ref: null, topic: this.topic, event, payload };
    return this.send(encodePush(push, this.vsn));
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
