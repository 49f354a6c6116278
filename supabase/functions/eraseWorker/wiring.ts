import { besideFunction } from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { createGeminiFiles } from "../_shared/providers/gemini-files.ts";
import { sleep } from "../_shared/sleep.ts";
import { runLimits } from "../_shared/worker/run-limits.ts";
import { createEraser } from "./eraser.ts";
import { erasureQueue } from "./erasure-queue.ts";

/** Puts the erase worker together. */
export function build({
  env,
  runtime,
  log,
  database,
  storage,
  wake,
}: Services): (call: Call) => Promise<Response> {
  const { fetch, shutdown } = runtime;
  const worker = createEraser({
    queue: erasureQueue(database),
    storage,
    files: createGeminiFiles({ ...env.gemini, fetch, sleep }),
    log,
    now: () => performance.now(),
    shutdown,
    more: () => wake(besideFunction.erase),
    budgetMs: runLimits.budgetMs,
  });
  return workOnly(worker, runtime);
}
