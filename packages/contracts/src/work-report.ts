import { z } from "zod";
import { workStageSchema } from "./stages.ts";

const count = z.number().int().nonnegative();

/** What one call of a worker did; the body of its answer. Every claimed item is in one count. */
export const workReportSchema = z.object({
  stage: workStageSchema,
  claimed: count,
  completed: count,
  /** Failed for now: queued again with a delay. */
  retried: count,
  /** Put off without spending an attempt, because it is not the item's fault. */
  deferred: count,
  /** Given to the stage before, because what that one made cannot be used. */
  sent_back: count,
  /** Failed for good. */
  failed: count,
  /** Given back unfinished, because time ran out or the isolate is going away. */
  released: count,
  /** Finished too late: another worker holds the lease, nothing was written. */
  stale: count,
  /** The lease is left to expire, because the database could not be told the outcome. */
  lost: count,
  ms: count,
});
export type WorkReport = z.infer<typeof workReportSchema>;
