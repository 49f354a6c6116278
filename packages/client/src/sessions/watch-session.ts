/** A store of a session, its revisions, drafts and answers that follows the database. */
import type { SessionStore } from "@sideline/contracts";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { StoreApi } from "zustand/vanilla";
import { keep } from "../merge-reads.ts";
import { openSubscription } from "../open-subscription.ts";
import { SidelineError } from "../sideline-error.ts";
import { startWatch, type Watcher } from "../watch.ts";
import type { SessionState } from "./session-state.ts";

/** A draft and the revision that it becomes are told one after the other. */
const gatherMs = 50;

export function watchSession(
  client: SupabaseClient<Database>,
  sessions: SessionStore,
  id: number,
  store: StoreApi<SessionState>,
): Watcher {
  return startWatch<SessionState>(
    {
      gatherMs,
      async read(_parts, signal) {
        const found = await untilAborted(readSession(sessions, id), signal);
        return (state) => ({
          ...state,
          phase: found ? "ready" : "missing",
          readError: null,
          session: keep(state.session, found?.session ?? null),
          revisions: keep(state.revisions, found?.revisions ?? []),
          drafts: keep(state.drafts, found?.drafts ?? []),
          resolutions: keep(state.resolutions, found?.resolutions ?? []),
        });
      },
      // Whatever is added to a session changes its row, too, but for the steps of a draft.
      subscribe: (hear) =>
        openSubscription(client, `sideline-session-${id}`, hear, (channel) => {
          for (const [table, filter] of [
            ["sessions", `id=eq.${id}`],
            ["session_drafts", `session_id=eq.${id}`],
          ] as const) {
            channel.on(
              "postgres_changes",
              { event: "*", schema: "public", table, filter },
              ({ commit_timestamp }) =>
                hear({ kind: "changed", part: null, committedAt: Date.parse(commit_timestamp) }),
            );
          }
        }),
      outlook({ phase, drafts }) {
        if (phase === "missing") return "gone";
        const isMoving = drafts.some(
          ({ status }) => status === "queued" || status === "processing",
        );
        return phase === "loading" || isMoving ? "moving" : "settled";
      },
    },
    store,
  );
}

async function readSession(sessions: SessionStore, id: number) {
  try {
    const [session, history] = await Promise.all([sessions.get(id), sessions.history(id)]);
    return { session, ...history };
  } catch (error) {
    if (error instanceof SidelineError && error.code === "not_found") return null;
    throw error;
  }
}

/** The store's reads take no signal; nobody waits for one on a connection that is no more. */
async function untilAborted<Value>(reading: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([reading, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
