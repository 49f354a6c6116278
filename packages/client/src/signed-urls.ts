/**
 * Addresses of private files, signed for a while and renewed before they end: a player that was
 * loaded in the morning plays in the evening, too. All that is wanted at once is signed in one call.
 */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { createStore, type StoreApi } from "zustand/vanilla";
import { toSidelineError } from "./sideline-error.ts";

export interface SignedUrl {
  url: string;
  /** In ms since 1970, by the device's clock. */
  expiresAt: number;
}

export interface SignedUrls {
  /** By object name. */
  store: StoreApi<Record<string, SignedUrl>>;
  /**
   * Keeps addresses in the store, valid ones, until let go. Objects that cannot be signed are absent.
   * @returns lets them go
   */
  keep(paths: string[]): () => void;
  /** A valid address at once, for one play. @throws SidelineError */
  get(path: string): Promise<string>;
}

/** Of an address' life. The rest is for those who have just been given the old one. */
const renewAfter = 0.75;
const retryMs = 5_000;
/** What Storage signs in one call. */
const pathsAtOnce = 500;
/** A timer of more days than this ends at once. */
const longestTimerMs = 2 ** 31 - 1;

export function createSignedUrls(
  client: SupabaseClient<Database>,
  bucket: "raw" | "processed",
  lifetimeSeconds = 3600,
): SignedUrls {
  const store = createStore<Record<string, SignedUrl>>(() => ({}));
  const keepers = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lifetimeMs = lifetimeSeconds * 1000;

  const renewalOf = (path: string) => {
    const known = store.getState()[path];
    return known ? known.expiresAt - lifetimeMs * (1 - renewAfter) : 0;
  };

  async function sign(paths: string[]): Promise<void> {
    const expiresAt = Date.now() + lifetimeMs;
    for (let at = 0; at < paths.length; at += pathsAtOnce) {
      const { data, error } = await client.storage
        .from(bucket)
        .createSignedUrls(paths.slice(at, at + pathsAtOnce), lifetimeSeconds);
      if (error) throw toSidelineError(error);
      const signed = data.flatMap(({ path, signedUrl }) =>
        path && signedUrl ? [[path, { url: signedUrl, expiresAt }] as const] : [],
      );
      store.setState({ ...stillOfUse(), ...Object.fromEntries(signed) }, true);
    }
  }

  /** An app that runs for days has shown more than it needs to remember. */
  function stillOfUse(): Record<string, SignedUrl> {
    const all = Object.entries(store.getState());
    const now = Date.now();
    return Object.fromEntries(
      all.filter(([path, { expiresAt }]) => keepers.has(path) || expiresAt > now),
    );
  }

  function schedule(soonestMs = 0): void {
    clearTimeout(timer);
    if (keepers.size === 0) return;
    const next = Math.min(...[...keepers.keys()].map(renewalOf));
    const inMs = Math.min(Math.max(next - Date.now(), soonestMs), longestTimerMs);
    timer = setTimeout(() => void renew(), inMs);
  }

  async function renew(): Promise<void> {
    const due = [...keepers.keys()].filter((path) => renewalOf(path) <= Date.now());
    // What cannot be signed now (no network, no such object) is asked for again after a while.
    await sign(due).catch(() => {});
    schedule(due.some((path) => renewalOf(path) <= Date.now()) ? retryMs : 0);
  }

  return {
    store,
    keep(paths) {
      for (const path of paths) keepers.set(path, (keepers.get(path) ?? 0) + 1);
      schedule();
      let isKept = true;
      return () => {
        if (!isKept) return;
        isKept = false;
        for (const path of paths) {
          const left = (keepers.get(path) ?? 0) - 1;
          if (left > 0) keepers.set(path, left);
          else keepers.delete(path);
        }
        schedule();
      };
    },
    async get(path) {
      if (renewalOf(path) <= Date.now()) await sign([path]);
      const signed = store.getState()[path];
      if (!signed) throw toSidelineError({ code: "PT404", message: `There is no file ${path}.` });
      return signed.url;
    },
  };
}
