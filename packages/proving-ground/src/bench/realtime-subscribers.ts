import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@supabase/supabase-js";
import type { BenchStack } from "./bench-stack.ts";

export interface Subscribers {
  /** Milliseconds from commit to callback, of every event of every subscriber. */
  latencies: number[];
  /** Different updates, over all subscribers. */
  received(): number;
  /** Returns when all have got `updates`, or nothing has come for five seconds. */
  settled(updates: number): Promise<void>;
  close(): Promise<void>;
}

/** Signed-in readers of one row, who follow its updates with a filter, as an app does. */
export async function openSubscribers(
  stack: BenchStack,
  table: string,
  count: number,
): Promise<Subscribers> {
  const latencies: number[] = [];
  const seen = Array.from({ length: count }, () => new Set<number>());
  let lastEvent = performance.now();

  const clients = await Promise.all(
    seen.map(async (updates) => {
      const client = createClient(stack.apiUrl, stack.publishableKey, {
        auth: { persistSession: false, autoRefreshToken: false },
      });
      await client.realtime.setAuth(stack.accessToken);
      const ready = Promise.withResolvers<void>();
      client
        .channel("bench")
        .on("system", {}, ({ status, message }) =>
          status === "ok" ? ready.resolve() : ready.reject(new Error(message)),
        )
        .on<{ n: number }>(
          "postgres_changes",
          { event: "UPDATE", schema: "public", table, filter: "id=eq.1" },
          (change) => {
            lastEvent = performance.now();
            // The commit's time is cut to milliseconds: this is up to one too much, never too little.
            const now = performance.timeOrigin + lastEvent;
            latencies.push(now - Date.parse(change.commit_timestamp));
            updates.add(change.new.n);
          },
        )
        .subscribe();
      await ready.promise;
      return client;
    }),
  );

  const received = () => seen.reduce((sum, updates) => sum + updates.size, 0);
  return {
    latencies,
    received,
    async settled(updates) {
      lastEvent = performance.now();
      while (received() < updates * count && performance.now() - lastEvent < 5_000) await sleep(20);
    },
    async close() {
      await Promise.all(clients.map((client) => client.realtime.disconnect()));
    },
  };
}
