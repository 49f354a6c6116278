import { besideFunction, type ClaimHead, stageFunction, type WorkStage } from "@sideline/contracts";
import type { z } from "zod";
import type { Services } from "../http/serve.ts";
import { type JsonObject, pipelineQueue } from "../pipeline-queue.ts";
import { runLimits } from "./run-limits.ts";
import { createWorker, type Worker, type WorkerOptions } from "./worker.ts";

/** What one stage's worker has that others have not. */
interface StageWork<Item extends ClaimHead, Result>
  extends Pick<WorkerOptions<Item, Result>, "process" | "completed" | "concurrency"> {
  claims: z.ZodType<Item>;
  /** Which model it asks, so that claims obey its limits. */
  model?: string;
}

/** The worker of a stage's function, which wakes its next run where work is left. */
export function workStage<Item extends ClaimHead, Result extends JsonObject>(
  { runtime, log, database, wake }: Services,
  stage: WorkStage,
  { claims, model, ...work }: StageWork<Item, Result>,
): Worker {
  return createWorker({
    ...work,
    queue: pipelineQueue<Item, Result>(database, stage, claims, model),
    log,
    now: () => performance.now(),
    shutdown: runtime.shutdown,
    more: () => wake({ ...stageFunction, ...besideFunction }[stage]),
    ...runLimits,
  });
}
