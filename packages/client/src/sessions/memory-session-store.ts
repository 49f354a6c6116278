/** Tests only: sessions of one owner that are kept nowhere. The database's rules, in few lines. */
import {
  type Brief,
  type BriefChange,
  briefSchema,
  emptyBrief,
  fitsHole,
  isReady,
  type NewResolution,
  type NewRevision,
  type RevisionCause,
  type Session,
  type SessionDraft,
  type SessionFilter,
  type SessionHistory,
  type SessionPage,
  type SessionStore,
} from "@sideline/contracts";
import { SidelineError } from "../sideline-error.ts";

type Kept = SessionHistory & { session: Session };

export class MemorySessionStore implements SessionStore {
  readonly #kept = new Map<number, Kept>();
  #ids = 0;

  async create({ title = "", request = "", brief = emptyBrief }): Promise<Session> {
    this.#ids += 1;
    const at = this.#now();
    const counts = { revision: 0, revisionCount: 0, draftCount: 0, holeCount: 0 };
    const session = { id: this.#ids, title, request, status: "open" as const, ...counts };
    const kept = { session: { ...session, brief: emptyBrief, createdAt: at, updatedAt: at } };
    this.#kept.set(this.#ids, { ...kept, revisions: [], drafts: [], resolutions: [] });
    return this.#write(this.#ids, { base: 0, brief }, "created");
  }

  async get(id: number): Promise<Session> {
    return structuredClone(this.#find(id).session);
  }

  async update(id: number, changes: Parameters<SessionStore["update"]>[1]): Promise<Session> {
    const { session } = this.#find(id);
    Object.assign(session, changes);
    return this.#touch(session);
  }

  async delete(id: number): Promise<void> {
    this.#find(id);
    this.#kept.delete(id);
  }

  async list({ limit = 20, after, ...filter }: SessionFilter = {}): Promise<SessionPage> {
    const all = [...this.#kept.values()]
      .map(({ session }) => session)
      .filter((session) => meets(session, filter))
      .toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
    const start = after === undefined ? 0 : all.findIndex(({ id }) => String(id) === after) + 1;
    const page = all.slice(start, start + limit);
    const last = page.length === limit ? page.at(-1) : undefined;
    const sessions = page.map(({ brief: _, ...line }) => line);
    return { sessions, next: last ? String(last.id) : null };
  }

  async saveRevision(id: number, revision: NewRevision): Promise<Session> {
    const { session, resolutions } = this.#find(id);
    this.#checkBase(session, revision.base);
    const given = [
      ...session.brief.holes.map(({ id, answer }) => ({ id, answer })),
      ...resolutions.map(({ holeId, value }) => ({ id: holeId, answer: value })),
    ];
    const isUnrecorded = revision.brief.holes.some(
      (hole) =>
        hole.answer !== null &&
        !given.some(({ id, answer }) => id === hole.id && answer === hole.answer),
    );
    if (isUnrecorded) throw new SidelineError("invalid_request", "A hole is answered otherwise.");
    return this.#write(id, revision, "edited");
  }

  async saveDraft(id: number, request?: string): Promise<SessionDraft> {
    const { session, drafts } = this.#find(id);
    const asked = request?.trim() ? request : session.request;
    if (asked.trim() === "") throw new SidelineError("invalid_request", "Say what to look for.");
    this.#ids += 1;
    const at = this.#now();
    const draft: SessionDraft = {
      ...{ id: this.#ids, request: asked, status: "queued", errorCode: null, brief: null },
      ...{ model: null, promptVersion: null, inputTokens: 0, outputTokens: 0, costMicros: 0 },
      ...{ milliseconds: 0, validation: null, isRepaired: false, faults: [], outcome: null },
      ...{ appliedRevision: null, createdAt: at, updatedAt: at },
    };
    drafts.unshift(draft);
    session.draftCount += 1;
    this.#touch(session);
    return { ...draft };
  }

  async saveResolution(id: number, { base, holeId, value }: NewResolution): Promise<Session> {
    const { session, resolutions } = this.#find(id);
    this.#checkBase(session, base);
    const hole = session.brief.holes.find((one) => one.id === holeId);
    if (!hole) throw new SidelineError("not_found", `Hole ${holeId} is not there.`);
    const answer = value ?? hole.default;
    if (answer === null || !fitsHole(hole, answer)) {
      throw new SidelineError("invalid_request", "The answer does not fit.");
    }
    const holes = session.brief.holes.map((one) => (one === hole ? { ...one, answer } : one));
    this.#write(id, { base, brief: { ...session.brief, holes } }, "resolved");
    const { type, question, unit } = hole;
    resolutions.unshift({
      ...{ id: resolutions.length + 1, holeId, type, question, unit, value: answer },
      ...{ method: value === undefined ? "default" : "answered", resolvedBy: "owner" },
      ...{ revision: session.revision, createdAt: this.#now() },
    });
    session.holeCount += 1;
    return this.#touch(session);
  }

  async history(id: number): Promise<SessionHistory> {
    const { session: _, ...history } = this.#find(id);
    return structuredClone(history);
  }

  async revert(id: number, { base, revision }: { base: number; revision: number }) {
    const to = this.#find(id).revisions.find((one) => one.revision === revision);
    if (!to) throw new SidelineError("not_found", `Revision ${revision} is not there.`);
    return this.#write(id, { base, brief: to.brief }, "reverted", revision);
  }

  #write(
    id: number,
    { base, brief, note = "" }: NewRevision,
    cause: RevisionCause,
    revertedTo: number | null = null,
  ): Session {
    const { session, revisions } = this.#find(id);
    this.#checkBase(session, base);
    const parsed = briefSchema.safeParse(brief);
    if (!parsed.success) throw new SidelineError("invalid_request", parsed.error.message);
    const diff = differences(session.brief, parsed.data);
    session.revision += 1;
    session.revisionCount += 1;
    session.brief = structuredClone(parsed.data);
    revisions.unshift({
      ...{ revision: session.revision, cause, revertedTo, brief: parsed.data, diff },
      ...{ note: note === "" ? null : note, createdAt: this.#now() },
    });
    return this.#touch(session);
  }

  #find(id: number): Kept {
    const kept = this.#kept.get(id);
    if (!kept) throw new SidelineError("not_found", `Session ${id} is not there.`);
    return kept;
  }

  #checkBase(session: Session, base: number): void {
    if (session.revision === base) return;
    throw new SidelineError("stale_revision", `The session is at revision ${session.revision}.`);
  }

  #touch(session: Session): Session {
    if (session.status !== "archived") session.status = isReady(session.brief) ? "ready" : "open";
    session.updatedAt = this.#now();
    return structuredClone(session);
  }

  #clock = 0;
  /** Later each time. */
  #now(): string {
    this.#clock += 1;
    return new Date(this.#clock).toISOString();
  }
}

function meets({ status, title, request, brief }: Session, filter: SessionFilter): boolean {
  const said = [title, request, ...brief.rules.map(({ look_for }) => look_for)].join(" ");
  const words = new Set(said.toLowerCase().split(/\W+/));
  const wanted = filter.words?.toLowerCase().split(/\W+/) ?? [];
  return (
    (filter.status === undefined || filter.status === status) &&
    (filter.category === undefined ||
      brief.rules.some(({ category }) => category === filter.category)) &&
    wanted.every((word) => words.has(word))
  );
}

function differences(before: Brief, after: Brief): BriefChange[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .toSorted()
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

function partsOf({ rules, skip, holes, ...rest }: Brief): Map<string, unknown> {
  return new Map<string, unknown>([
    ...Object.entries(rest).map(([key, value]) => [`/${key}`, value] as const),
    ...rules.map(({ id, ...rule }) => [`/rules/${id}`, rule] as const),
    ...skip.map((category) => [`/skip/${category}`, true] as const),
    ...holes.map(({ id, ...hole }) => [`/holes/${id}`, hole] as const),
  ]);
}
