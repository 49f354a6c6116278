import type { ErrorCode } from "@sideline/contracts";
import { type Finding, nothingBreaks } from "./finding.ts";
import type { ItemCount } from "./items.ts";

const database = [
  "Postgres restarts",
  "backends terminated",
  "connections refused",
  "calls cut",
  "clock jumps forward",
];
const speech = ["provider: truncated", "provider: text", "provider: malformed"];

/** What must have been done to the system for an item to fail with this code; others never may. */
const causes: Partial<Record<ErrorCode, string[]>> = {
  lease_expired: ["kills", "answers lost after the commit", ...database],
  provider_unavailable: ["provider: drop", "provider: status", "provider: hang", ...speech],
  provider_rate_limited: ["provider: status"],
  provider_blocked: ["provider: blocked"],
  reply_invalid: speech,
  audio_invalid: speech,
  audio_silent: ["provider: silent"],
  internal_error: database,
};

/** Whether each failure is explained by something that the run has done. */
export function judgeCauses(items: readonly ItemCount[], done: Record<string, number>): Finding {
  const unexplained = items.filter(({ status, error_code }) => {
    if (status !== "failed") return false;
    const known = Object.entries(causes).find(([code]) => code === error_code)?.[1] ?? [];
    return !known.some((cause) => (done[cause] ?? 0) > 0);
  });
  return nothingBreaks("what failed has failed for a cause that the run has injected", unexplained);
}
