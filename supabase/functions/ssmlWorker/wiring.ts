import {
  type SsmlClaim,
  type SsmlResult,
  ssmlClaimSchema,
  stageFunction,
} from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { pipelineQueue } from "../_shared/pipeline-queue.ts";
import { createGemini } from "../_shared/providers/gemini.ts";
import { runLimits } from "../_shared/worker/run-limits.ts";
import { createWorker } from "../_shared/worker/worker.ts";
import { writeSsml } from "./write-ssml.ts";

/** Puts the SSML worker together. */
export function build(services: Services): (call: Call) => Promise<Response> {
  const { env, runtime, log, database, wake } = services;
  const gemini = createGemini({ ...env.gemini, fetch: runtime.fetch });
  const worker = createWorker({
    queue: pipelineQueue<SsmlClaim, SsmlResult>(
      database,
      "ssml",
      ssmlClaimSchema,
      env.gemini.model,
    ),
    process: (claim, attempt) => writeSsml({ gemini }, claim, attempt),
    completed: () => wake(stageFunction.audio),
    log,
    now: () => performance.now(),
    shutdown: runtime.shutdown,
    concurrency: 4,
    more: () => wake(stageFunction.ssml),
    ...runLimits,
  });
  return workOnly(worker, runtime);
}
