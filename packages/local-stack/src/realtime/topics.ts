import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { encodePush, encodeUserBroadcast, type UserBroadcast, type Vsn } from "./frames.ts";

/** A channel that has joined, as others on the same topic need to know it. */
export interface Member {
  /** With its prefix, as the client names it. */
  readonly topic: string;
  readonly vsn: Vsn;
  mayReadBroadcast(): boolean;
  mayReadPresence(): boolean;
  /** Whether the message was part of what the channel was replayed when it joined. */
  hasSeen(messageId: string): boolean;
  send(data: string | Buffer): void;
}

/** A broadcast: a message passed on unread, or a payload in JSON. */
export type Broadcast = { user: UserBroadcast } | { payload: string; id?: string };

/** Who is where. Private and public channels of one name are two topics. */
export class Topics {
  readonly #members = new Map<string, Set<Member>>();

  join(key: string, member: Member): void {
    const members = this.#members.get(key) ?? new Set();
    this.#members.set(key, members.add(member));
  }

  leave(key: string, member: Member): void {
    const members = this.#members.get(key);
    members?.delete(member);
    if (members?.size === 0) this.#members.delete(key);
  }

  broadcast(key: string, broadcast: Broadcast, except?: Member): void {
    const id = "payload" in broadcast ? broadcast.id : undefined;
    const encoded = new Map<string, string | Buffer | null>();
    for (const member of this.#members.get(key) ?? []) {
      if (member === except || !member.mayReadBroadcast()) continue;
      if (id !== undefined && member.hasSeen(id)) continue;
      const { topic, vsn } = member;
      const data = encoded.get(vsn) ?? encodeBroadcast(topic, broadcast, vsn);
      encoded.set(vsn, data);
      if (data !== null) member.send(data);
    }
  }

  presenceDiff(key: string, diff: string): void {
    for (const member of this.#members.get(key) ?? []) {
      if (member.mayReadPresence()) member.send(pushed(member, "presence_diff", diff));
    }
  }
}

export function topicKey(name: string, isPrivate: boolean): string {
  return `${isPrivate ? "private" : "public"}:${name}`;
}

export function encodeBroadcast(
  topic: string,
  broadcast: Broadcast,
  vsn: Vsn,
): string | Buffer | null {
  if ("user" in broadcast) return encodeUserBroadcast(topic, broadcast.user, vsn);
  return pushed({ topic, vsn }, "broadcast", broadcast.payload);
}

function pushed({ topic, vsn }: Pick<Member, "topic" | "vsn">, event: string, payload: string) {
  return encodePush({ joinRef: null, ref: null, topic, event, payload }, vsn);
}

interface Presence {
  key: string;
  payload: Record<string, unknown>;
  ref: string;
  previousRef?: string;
}

type Grouped = Record<string, { metas: Record<string, unknown>[] }>;

/** Who has said to be present, topic by topic. Every change is told to the topic as a difference. */
export class Presences {
  readonly #topics: Topics;
  readonly #present = new Map<string, Map<Member, Presence>>();

  constructor(topics: Topics) {
    this.#topics = topics;
  }

  track(topic: string, member: Member, key: string, payload: Record<string, unknown>): void {
    const present = this.#present.get(topic) ?? new Map<Member, Presence>();
    this.#present.set(topic, present);
    const before = present.get(member);
    if (before !== undefined && isDeepStrictEqual(before.payload, payload)) return;
    const now: Presence = { key, payload, ref: randomBytes(9).toString("base64url") };
    if (before !== undefined) now.previousRef = before.ref;
    present.set(member, now);
    this.#tell(topic, [now], before === undefined ? [] : [before]);
  }

  untrack(topic: string, member: Member): void {
    const present = this.#present.get(topic);
    const before = present?.get(member);
    if (present === undefined || before === undefined) return;
    present.delete(member);
    if (present.size === 0) this.#present.delete(topic);
    this.#tell(topic, [], [before]);
  }

  /** The payload of `presence_state`. */
  state(topic: string): string {
    return JSON.stringify(grouped([...(this.#present.get(topic)?.values() ?? [])]));
  }

  #tell(topic: string, joins: Presence[], leaves: Presence[]): void {
    const diff = JSON.stringify({ joins: grouped(joins), leaves: grouped(leaves) });
    this.#topics.presenceDiff(topic, diff);
  }
}

function grouped(presences: Presence[]): Grouped {
  // Without a prototype, so that a client may call its key anything.
  const groups: Grouped = Object.create(null);
  for (const { key, payload, ref, previousRef } of presences) {
    const previous = previousRef === undefined ? {} : { phx_ref_prev: previousRef };
    groups[key] ??= { metas: [] };
    groups[key].metas.push({ ...payload, phx_ref: ref, ...previous });
  }
  return groups;
}
