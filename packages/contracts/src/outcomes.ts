import { z } from "zod";

/** A row of `pipeline.complete_<stage>`: `stale` means the lease had passed to another worker. */
export const completeOutcomeSchema = z.object({
  id: z.number().int(),
  outcome: z.enum(["completed", "stale"]),
});
export type CompleteOutcome = z.infer<typeof completeOutcomeSchema>;

/** What `pipeline.fail_<stage>` and `pipeline.defer_<stage>` did with the item. */
export const failOutcomeSchema = z.enum(["queued", "failed", "stale"]);
export type FailOutcome = z.infer<typeof failOutcomeSchema>;

/** What `pipeline.release_<stage>` did with the item. */
export const releaseOutcomeSchema = z.enum(["queued", "stale"]);
export type ReleaseOutcome = z.infer<typeof releaseOutcomeSchema>;
