import { z } from "zod";

/** A row of `pipeline.complete_<stage>`: `stale` means the lease had passed to another worker. */
export const completeOutcomeSchema = z.object({
  id: z.number().int(),
  outcome: z.enum(["completed", "stale"]),
});

/** What `pipeline.fail` and `pipeline.defer` did with the item. */
export const failOutcomeSchema = z.enum(["queued", "failed", "stale"]);
export type FailOutcome = z.infer<typeof failOutcomeSchema>;

/** What `pipeline.send_back` did with the item: it is sent back once, then it fails. */
export const sendBackOutcomeSchema = z.enum(["sent_back", "failed", "stale"]);
export type SendBackOutcome = z.infer<typeof sendBackOutcomeSchema>;

/** What `pipeline.release` did with the item. */
export const releaseOutcomeSchema = z.enum(["queued", "stale"]);
export type ReleaseOutcome = z.infer<typeof releaseOutcomeSchema>;
