/** Stores of renders that follow the database. */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { createStore, type StoreApi } from "zustand/vanilla";
import { keep } from "../merge-reads.ts";
import { openSubscription } from "../open-subscription.ts";
import { type Hint, startWatch, type Watcher } from "../watch.ts";
import { readRender, readRenders, readTimeline } from "./read-renders.ts";
import { initialRender, isUnderWay, type RenderState, type RendersState } from "./render-state.ts";

type Client = SupabaseClient<Database>;

/** A worker's step and its progress are told one after the other. */
const gatherMs = 50;

export function watchRenders(
  client: Client,
  recordingId: number,
  store: StoreApi<RendersState>,
): Watcher {
  return startWatch<RendersState>(
    {
      gatherMs,
      async read(_parts, signal) {
        const found = await readRenders(client, recordingId, signal);
        return (state) => {
          const known = new Map(state.renders.map((render) => [render.id, render]));
          const renders = found.map((render) => keep(known.get(render.id), render));
          return { ...state, phase: "ready", readError: null, renders };
        };
      },
      subscribe: (hear) => subscribe(client, `video_recording_id=eq.${recordingId}`, hear),
      outlook: ({ phase, renders }) =>
        phase === "loading" || renders.some(isUnderWay) ? "moving" : "settled",
    },
    store,
  );
}

/** With its timeline, whose rows a worker writes together with the progress of the job. */
export function watchRender(
  client: Client,
  renderId: number,
): Watcher & { store: StoreApi<RenderState> } {
  const store = createStore(initialRender);
  const watcher = startWatch<RenderState>(
    {
      gatherMs,
      async read(_parts, signal) {
        const [render, timeline] = await Promise.all([
          readRender(client, renderId, signal),
          readTimeline(client, renderId, signal),
        ]);
        return (state) => ({
          ...state,
          phase: render ? "ready" : "missing",
          readError: null,
          render: keep(state.render, render),
          timeline: keep(state.timeline, timeline),
        });
      },
      subscribe: (hear) => subscribe(client, `id=eq.${renderId}`, hear),
      outlook({ phase, render }) {
        if (phase === "missing") return "gone";
        return !render || isUnderWay(render) ? "moving" : "settled";
      },
    },
    store,
  );
  return { ...watcher, store };
}

function subscribe(
  client: Client,
  filter: string,
  hear: (hint: Hint) => void,
): () => Promise<void> {
  return openSubscription(client, "sideline-renders", hear, (channel) => {
    channel.on(
      "postgres_changes",
      { event: "*", schema: "public", table: "render_jobs", filter },
      ({ commit_timestamp }) =>
        hear({ kind: "changed", part: null, committedAt: Date.parse(commit_timestamp) }),
    );
  });
}
