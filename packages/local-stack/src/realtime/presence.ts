import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Member, Topics } from "./topics.ts";

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
