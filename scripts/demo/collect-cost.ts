import { createDatabaseClient } from "@sideline/database";
import type { Stack } from "@sideline/local-stack";
import type { DemoCost } from "./demo-result.ts";

/** What a recording has cost, by the ledger. Operators read it; its owner does not. */
export async function collectCost(
  { apiUrl, secretKey }: Pick<Stack, "apiUrl" | "secretKey">,
  recordingId: number,
): Promise<DemoCost> {
  const { data, error } = await createDatabaseClient(apiUrl, { key: secretKey })
    .schema("pipeline")
    .from("cost_per_recording")
    .select("calls, cost, currency, unpriced_calls")
    .eq("video_recording_id", recordingId)
    .maybeSingle();
  if (error) throw error;
  return {
    amount: data?.cost ?? 0,
    currency: data?.currency ?? null,
    calls: data?.calls ?? 0,
    unpricedCalls: data?.unpriced_calls ?? 0,
  };
}
