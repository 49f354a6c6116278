/** The part of `Sideline` that is about coached videos. */
import type { CoachedOptions } from "@sideline/contracts";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { createStore } from "zustand/vanilla";
import { type SharedStore, shareStore } from "../shared-store.ts";
import {
  cancelRender,
  deleteRender,
  endRenderLink,
  type NewRenderLink,
  type RenderLink,
  renderLinks,
  renderRecording,
  retryRender,
  shareRender,
} from "./render-calls.ts";
import {
  initialRenders,
  type Render,
  type RenderState,
  type RendersState,
  type TimelineEntry,
} from "./render-state.ts";
import { watchRender, watchRenders } from "./watch-renders.ts";

export interface RenderCalls {
  /** Has the coached video of a recording made; the render's id. */
  renderRecording(recordingId: number, options?: CoachedOptions): Promise<number>;
  cancelRender(renderId: number): Promise<void>;
  retryRender(renderId: number): Promise<void>;
  deleteRender(renderId: number): Promise<void>;
  /** The renders of a recording, the newest first; kept up to date while somebody holds them. */
  rendersOf(recordingId: number): SharedStore<RendersState>;
  /** Hears of a render now and at each change; null where there is none. @returns ends it */
  subscribeToRender(renderId: number, hear: (render: Render | null) => void): () => Promise<void>;
  /** Hears of a render's attempts and their steps, now and at each change. @returns ends it */
  subscribeToProcessingTimeline(
    renderId: number,
    hear: (timeline: TimelineEntry[]) => void,
  ): () => Promise<void>;
  shareRender(renderId: number, validSeconds?: number): Promise<NewRenderLink>;
  renderLinks(renderId: number): Promise<RenderLink[]>;
  endRenderLink(linkId: number): Promise<void>;
}

export function createRenderCalls(supabase: SupabaseClient<Database>): RenderCalls {
  function follow<Part>(
    renderId: number,
    part: (state: RenderState) => Part,
    hear: (part: Part) => void,
  ): () => Promise<void> {
    const { store, stop } = watchRender(supabase, renderId);
    store.subscribe((state, before) => {
      if (state.phase === "loading") return;
      if (before.phase === "loading" || part(state) !== part(before)) hear(part(state));
    });
    return stop;
  }
  return {
    renderRecording: (id, options) => renderRecording(supabase, id, options),
    cancelRender: (id) => cancelRender(supabase, id),
    retryRender: (id) => retryRender(supabase, id),
    deleteRender: (id) => deleteRender(supabase, id),
    rendersOf(recordingId) {
      const store = createStore(initialRenders);
      return shareStore(store, () => watchRenders(supabase, recordingId, store));
    },
    subscribeToRender: (id, hear) => follow(id, ({ render }) => render, hear),
    subscribeToProcessingTimeline: (id, hear) => follow(id, ({ timeline }) => timeline, hear),
    shareRender: (id, validSeconds) => shareRender(supabase, id, validSeconds),
    renderLinks: (id) => renderLinks(supabase, id),
    endRenderLink: (id) => endRenderLink(supabase, id),
  };
}
