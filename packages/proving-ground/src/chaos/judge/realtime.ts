import { setTimeout as sleep } from "node:timers/promises";
import type { Owner } from "../world/owners.ts";
import type { Finding } from "./finding.ts";

/** A subscription from before the storm. */
export interface Watch {
  /** Waits for news of a recording that is added now, after the storms. */
  judge(addOne: (owner: Owner) => Promise<void>): Promise<Finding>;
  stop(): Promise<void>;
}

const patienceMs = 3_000;

/** Subscribes to one owner's recordings, as their app does. */
export async function watchRecordings(owner: Owner): Promise<Watch> {
  let told = 0;
  const flowing = Promise.withResolvers<void>();
  const channel = owner.client.channel("chaos");
  channel.on("system", {}, ({ status }: { status: string }) => {
    if (status === "ok") flowing.resolve();
  });
  channel.on(
    "postgres_changes",
    { event: "INSERT", schema: "public", table: "video_recordings" },
    () => {
      told += 1;
    },
  );
  await owner.client.realtime.setAuth(owner.accessToken);
  channel.subscribe();
  await flowing.promise;
  return {
    async judge(addOne) {
      const before = told;
      // News from the time of an interruption is not told later; so it is news that comes after one.
      for (let tries = 0; tries < 4 && told === before; tries++) {
        await addOne(owner);
        for (const end = Date.now() + patienceMs; told === before && Date.now() < end; ) {
          await sleep(20);
        }
      }
      const kept = told > before;
      return {
        promise: "a subscription from before still tells what is new",
        kept,
        detail: kept ? "" : "it was silent",
      };
    },
    async stop() {
      await owner.client.removeAllChannels();
      await owner.client.realtime.disconnect();
    },
  };
}
