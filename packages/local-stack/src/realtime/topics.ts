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
