/** The owner's sessions by the Data API: policies, checks and counters are the database's. */
import type {
  NewResolution,
  NewRevision,
  Session,
  SessionDraft,
  SessionFilter,
  SessionHistory,
  SessionPage,
  SessionStore,
} from "@sideline/contracts";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { SidelineError, toSidelineError } from "../sideline-error.ts";
import {
  draftOf,
  lineColumns,
  lineOf,
  resolutionOf,
  revisionOf,
  sessionColumns,
  sessionOf,
} from "./rows.ts";

const pageSize = 20;
const historyLimit = 100;

export class SupabaseSessionStore implements SessionStore {
  readonly #client: SupabaseClient<Database>;

  /** @param client of somebody who is signed in */
  constructor(client: SupabaseClient<Database>) {
    this.#client = client;
  }

  async create({ brief, ...rest }: Parameters<SessionStore["create"]>[0]): Promise<Session> {
    const row = { ...rest, ...(brief === undefined ? {} : { current_ir: brief }) };
    // Read anew: its first revision comes after the row.
    const { data, error } = await this.#client.from("sessions").insert(row).select("id").single();
    if (error) throw toSidelineError(error);
    return await this.get(data.id);
  }

  async get(id: number): Promise<Session> {
    const { data, error } = await this.#client
      .from("sessions")
      .select(sessionColumns)
      .eq("id", id)
      .single();
    if (error) throw toSidelineError(error);
    return sessionOf(data);
  }

  async update(id: number, changes: Parameters<SessionStore["update"]>[1]): Promise<Session> {
    const { data, error } = await this.#client
      .from("sessions")
      .update(changes)
      .eq("id", id)
      .select(sessionColumns)
      .single();
    if (error) throw toSidelineError(error);
    return sessionOf(data);
  }

  async delete(id: number): Promise<void> {
    const { data, error } = await this.#client.from("sessions").delete().eq("id", id).select("id");
    if (error) throw toSidelineError(error);
    if (data.length === 0) throw new SidelineError("not_found", `Session ${id} is not there.`);
  }

  async list({ limit = pageSize, after, ...filter }: SessionFilter = {}): Promise<SessionPage> {
    const [before, id] = after?.split(" ") ?? [];
    const { data, error } = await this.#client
      .rpc("search_sessions", {
        ...filter,
        ...(before === undefined ? {} : { before, before_id: Number(id) }),
        most: limit,
      })
      .select(lineColumns);
    if (error) throw toSidelineError(error);
    const last = data.length === limit ? data.at(-1) : undefined;
    return { sessions: data.map(lineOf), next: last ? `${last.updated_at} ${last.id}` : null };
  }

  async saveRevision(id: number, { base, brief, note }: NewRevision): Promise<Session> {
    return await this.#write(id, { base_revision: base, ir: brief, note: note ?? null });
  }

  async saveDraft(id: number, request?: string): Promise<SessionDraft> {
    const { data, error } = await this.#client
      .from("session_drafts")
      .insert({ session_id: id, ...(request === undefined ? {} : { request }) })
      .select()
      .single();
    if (error) throw toSidelineError(error);
    return draftOf(data);
  }

  async saveResolution(id: number, { base, holeId, value }: NewResolution): Promise<Session> {
    const answer = value === undefined ? { method: "default" } : { value };
    const { error } = await this.#client
      .from("hole_resolutions")
      .insert({ session_id: id, base_revision: base, hole_id: holeId, ...answer });
    if (error) throw toSidelineError(error);
    return await this.get(id);
  }

  async history(id: number): Promise<SessionHistory> {
    const latest = { ascending: false };
    const [revisions, drafts, resolutions] = await Promise.all([
      this.#client
        .from("session_revisions")
        .select()
        .eq("session_id", id)
        .order("revision", latest)
        .limit(historyLimit),
      this.#client
        .from("session_drafts")
        .select()
        .eq("session_id", id)
        .order("created_at", latest)
        .order("id", latest)
        .limit(historyLimit),
      this.#client
        .from("hole_resolutions")
        .select()
        .eq("session_id", id)
        .order("created_at", latest)
        .order("id", latest)
        .limit(historyLimit),
    ]);
    const error = revisions.error ?? drafts.error ?? resolutions.error;
    if (error) throw toSidelineError(error);
    // A session has a revision, always.
    if (revisions.data?.length === 0) {
      throw new SidelineError("not_found", `Session ${id} is not there.`);
    }
    return {
      revisions: (revisions.data ?? []).map(revisionOf),
      drafts: (drafts.data ?? []).map(draftOf),
      resolutions: (resolutions.data ?? []).map(resolutionOf),
    };
  }

  async revert(id: number, { base, revision }: { base: number; revision: number }) {
    const { data, error } = await this.#client
      .from("session_revisions")
      .select("ir")
      .eq("session_id", id)
      .eq("revision", revision)
      .single();
    if (error) throw toSidelineError(error);
    const cause = { cause: "reverted", reverted_to: revision };
    return await this.#write(id, { base_revision: base, ir: data.ir, ...cause });
  }

  async #write(id: number, columns: Omit<RevisionInsert, "session_id">): Promise<Session> {
    const { error } = await this.#client
      .from("session_revisions")
      .insert({ session_id: id, ...columns });
    if (error) throw toSidelineError(error);
    return await this.get(id);
  }
}

/** A trigger fills in the rest. */
type RevisionInsert = Database["public"]["Tables"]["session_revisions"]["Insert"];
