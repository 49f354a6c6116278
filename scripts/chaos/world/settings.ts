import { setTimeout as sleep } from "node:timers/promises";
import type { Stage } from "@sideline/contracts";
import type { World } from "./world.ts";

/** Seconds. The default, 60, would leave few recoveries to be seen in some minutes. */
export const shortLease = 4;

/**
 * Makes the machine quick to try again: short leases, backoffs and open circuits, and attempts
 * enough to outlive many kills. Rows of models are made by their first claim: call it after one.
 */
export async function hurry({ sql, ledger }: World): Promise<void> {
  await sql`
    update pipeline.stages
    set lease_seconds = ${shortLease}, max_attempts = 12,
      backoff_base_seconds = 0.3, backoff_cap_seconds = 2`;
  await sql`update pipeline.provider_limits set open_seconds = 1, longest_open_seconds = 2`;
  ledger.leaseSeconds = shortLease;
}

const lookEveryMs = 150;

/** Notes as outages the times in which a provider's pause or open circuit holds its stages. */
export function watchProviders({ sql, outages }: World): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const held = new Map<Stage, (afterMs?: number) => void>();

  async function look(): Promise<void> {
    const rows = await sql<{ stage: Stage; is_held: boolean }>`
      select s.stage, l.open_until is not null or coalesce(l.not_before > now(), false) as is_held
      from pipeline.stages as s
      join pipeline.provider_limits as l on l.provider = s.provider and l.model = s.model`;
    for (const { stage, is_held } of rows) {
      if (is_held && !held.has(stage)) held.set(stage, outages.begin([stage]));
      if (is_held || !held.has(stage)) continue;
      held.get(stage)?.(1_000);
      held.delete(stage);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch(() => {});
      await sleep(lookEveryMs);
    }
    for (const over of held.values()) over();
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
