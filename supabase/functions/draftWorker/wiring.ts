import {
  type DraftClaim,
  type DraftResult,
  draftClaimSchema,
  stageFunction,
} from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { pipelineQueue } from "../_shared/pipeline-queue.ts";
import { createGemini } from "../_shared/providers/gemini.ts";
import { runLimits } from "../_shared/worker/run-limits.ts";
import { createWorker } from "../_shared/worker/worker.ts";
import { noteDraft } from "./note-draft.ts";
import { writeBrief } from "./write-brief.ts";

/** Puts the draft worker together. */
export function build(services: Services): (call: Call) => Promise<Response> {
  const { env, runtime, log, database, wake } = services;
  const gemini = createGemini({ ...env.gemini, fetch: runtime.fetch });
  const note = noteDraft(database);
  const worker = createWorker({
    queue: pipelineQueue<DraftClaim, DraftResult>(
      database,
      "draft",
      draftClaimSchema,
      env.gemini.model,
    ),
    process: (claim, attempt) => writeBrief({ gemini, note }, claim, attempt),
    log,
    now: () => performance.now(),
    shutdown: runtime.shutdown,
    concurrency: 4,
    more: () => wake(stageFunction.draft),
    ...runLimits,
  });
  return workOnly(worker, runtime);
}
