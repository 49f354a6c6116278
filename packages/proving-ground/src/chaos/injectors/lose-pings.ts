import { setTimeout as sleep } from "node:timers/promises";
import type { InjectorFactory } from "./injector.ts";

/** Loses what wakes the workers, for a while: their own pings, pg_net's calls, cron; or all three. */
export const losePings: InjectorFactory = ({ sql, wire }, random) => {
  const nextLoss = random.cycle([["pings"], ["calls"], ["cron"], ["pings", "calls", "cron"]]);
  let cronPauses = 0;
  let lostCalls = 0;

  async function restore(): Promise<void> {
    wire.losePings = false;
    for (let tries = 0; ; tries++) {
      try {
        await sql`update chaos.switches set lose_calls = false`;
        await sql`update cron.job set active = true`;
        const [found] = await sql<{ lost: number }>`select lost_calls as lost from chaos.switches`;
        lostCalls = found?.lost ?? lostCalls;
        return;
      } catch (error) {
        if (tries === 20) throw error;
        await sleep(500);
      }
    }
  }

  return {
    name: "lose-pings",
    every: [12_000, 25_000],
    async strike() {
      const lost = nextLoss();
      try {
        wire.losePings = lost.includes("pings");
        if (lost.includes("calls")) await sql`update chaos.switches set lose_calls = true`;
        if (lost.includes("cron")) {
          await sql`update cron.job set active = false`;
          cronPauses += 1;
        }
        await sleep(random.between(2_000, 5_000));
      } finally {
        await restore();
      }
    },
    restore,
    counts: () => ({
      "pings lost": wire.lostPings,
      "calls of pg_net lost": lostCalls,
      "cron pauses": cronPauses,
    }),
  };
};
