import {
  completeOutcomeSchema,
  type EraseClaim,
  type ErrorCode,
  eraseClaimSchema,
  failOutcomeSchema,
  releaseOutcomeSchema,
} from "@sideline/contracts";
import type { DatabaseClient } from "@sideline/database";
import { z } from "zod";
import { callPipeline } from "../_shared/pipeline-call.ts";

/** The queue of stage `erase`: its items are handed in together. Every call may throw. */
export interface ErasureQueue {
  /** Objects that no row names; nothing when there are none. */
  claim(): Promise<EraseClaim[]>;
  /** @returns the ids of those that were still the caller's */
  complete(items: EraseClaim[]): Promise<Set<number>>;
  fail(item: EraseClaim, code: ErrorCode, message: string): Promise<"queued" | "failed" | "stale">;
  defer(item: EraseClaim, code: ErrorCode, message: string): Promise<"queued" | "failed" | "stale">;
  release(item: EraseClaim): Promise<"queued" | "stale">;
}

export function erasureQueue(client: DatabaseClient): ErasureQueue {
  const head = ({ id, lease_token }: EraseClaim) => ({ id, lease_token });
  const which = (item: EraseClaim) => ({ stage: "erase", ...head(item) });
  return {
    async claim() {
      return z.array(eraseClaimSchema).parse(await callPipeline(client, "claim_erase", {}));
    },
    async complete(items) {
      const results = items.map(head);
      const rows = await callPipeline(client, "complete_erase", { results });
      const done = z.array(completeOutcomeSchema).parse(rows);
      return new Set(done.filter((row) => row.outcome === "completed").map(({ id }) => id));
    },
    async fail(item, code, message) {
      const args = { ...which(item), error_code: code, message, retryable: true };
      return failOutcomeSchema.parse(await callPipeline(client, "fail", args));
    },
    async defer(item, code, message) {
      const args = { ...which(item), error_code: code, message };
      return failOutcomeSchema.parse(await callPipeline(client, "defer", args));
    },
    async release(item) {
      return releaseOutcomeSchema.parse(await callPipeline(client, "release", which(item)));
    },
  };
}
