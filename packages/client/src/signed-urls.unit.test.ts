import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSignedUrls } from "./signed-urls.ts";

/** Storage as far as signing goes: it takes 1 to 500 names a call. */
function storage() {
  const calls: number[] = [];
  const client = {
    storage: {
      from: () => ({
        async createSignedUrls(paths: string[]) {
          calls.push(paths.length);
          if (paths.length === 0 || paths.length > 500) {
            return { data: null, error: { message: "paths must have 1 to 500 items" } };
          }
          const data = paths.map((path) => ({ path, signedUrl: `${path}#${Date.now()}` }));
          return { data, error: null };
        },
      }),
    },
  };
  // The rest of a client is not touched.
  return { calls, client: client as unknown as SupabaseClient<Database> };
}

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

test("a page of more remarks than Storage signs at once is signed", async () => {
  const { client, calls } = storage();
  const urls = createSignedUrls(client, "processed");
  const paths = Array.from({ length: 501 }, (_, at) => `${at}.wav`);
  const letGo = urls.keep(paths);
  await vi.advanceTimersByTimeAsync(1);

  expect(Object.keys(urls.store.getState())).toHaveLength(501);
  expect(calls).toEqual([500, 1]);
  letGo();
});

test("what was let go is forgotten once it has ended", async () => {
  const { client } = storage();
  const urls = createSignedUrls(client, "processed", 100);
  urls.keep(["old.wav"])();
  await urls.get("old.wav");
  await vi.advanceTimersByTimeAsync(101_000);
  const letGo = urls.keep(["new.wav"]);
  await vi.advanceTimersByTimeAsync(1);

  expect(Object.keys(urls.store.getState())).toEqual(["new.wav"]);
  letGo();
});

test("an address for a year is not renewed all the time", async () => {
  const { client, calls } = storage();
  const urls = createSignedUrls(client, "raw", 365 * 24 * 3600);
  const letGo = urls.keep(["clip.mp4"]);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(calls).toEqual([1]);
  await vi.advanceTimersByTimeAsync(300 * 24 * 3600 * 1_000);
  expect(calls).toEqual([1, 1]);
  letGo();
});
