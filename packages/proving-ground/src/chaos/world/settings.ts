import type { Plan } from "../plan.ts";
import type { World } from "./world.ts";

/**
 * Makes the machine quick to try again: short leases, backoffs and open circuits, and attempts
 * enough to outlive many kills, without quotas. Rows of models are made by their first claim: call it after one.
 */
export async function hurry(
  { sql, ledger }: World,
  { leaseSeconds, maxLosses }: Pick<Plan, "leaseSeconds" | "maxLosses">,
): Promise<void> {
  await sql`
    update pipeline.stages
    set lease_seconds = ${leaseSeconds}, max_attempts = 12, max_losses = ${maxLosses},
      daily_attempts_per_user = null, backoff_base_seconds = 0.3, backoff_cap_seconds = 2`;
  await sql`update pipeline.provider_limits set open_seconds = 1, longest_open_seconds = 2`;
  ledger.leaseSeconds = leaseSeconds;
}
