import { setTimeout as sleep } from "node:timers/promises";
import type { InjectorFactory } from "./injector.ts";

const heldMs = 3_000;

/**
 * Moves the state machine's clock for every new session, and stops it there for a while: forward,
 * so that all leases are over at once and their holders write too late; or back.
 */
export const jumpClock: InjectorFactory = ({ sql }, random) => {
  const nextJump = random.cycle([8, -20, 15]);
  let forward = 0;
  let back = 0;

  async function set(seconds: number | null): Promise<void> {
    const [found] = await sql<{ time: string }>`
      select (now() + make_interval(secs => ${seconds ?? 0}))::text as time`;
    const setting =
      seconds === null ? `reset "pipeline.now"` : `set "pipeline.now" = '${found?.time}'`;
    await sql.run(`alter database postgres ${setting}`);
    // Sessions keep the clock that they were born with.
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name in ('data-api', 'pg_cron') and datname = 'postgres'`;
  }

  async function restore(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        return await set(null);
      } catch (error) {
        if (tries === 20) throw error;
        await sleep(500);
      }
    }
  }

  return {
    name: "jump-clock",
    every: [25_000, 45_000],
    async strike() {
      const seconds = nextJump();
      try {
        await set(seconds);
        if (seconds > 0) forward += 1;
        else back += 1;
        await sleep(heldMs);
      } finally {
        await restore();
      }
    },
    restore,
    counts: () => ({ "clock jumps forward": forward, "clock jumps back": back }),
  };
};
