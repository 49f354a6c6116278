import {
  besideFunction,
  type NotifyClaim,
  type NotifyResult,
  notifyClaimSchema,
} from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { pipelineQueue } from "../_shared/pipeline-queue.ts";
import { runLimits } from "../_shared/worker/run-limits.ts";
import { createWorker } from "../_shared/worker/worker.ts";
import { sendMessage } from "./send-message.ts";

/** Puts the worker that sends messages together. */
export function build({
  env,
  runtime,
  log,
  database,
  wake,
}: Services): (call: Call) => Promise<Response> {
  const { fetch, resolve, shutdown } = runtime;
  const deps = { fetch, resolve, now: () => new Date(), ...env.notify };
  const worker = createWorker({
    queue: pipelineQueue<NotifyClaim, NotifyResult>(database, "notify", notifyClaimSchema),
    async process(claim, { signal }) {
      await sendMessage(deps, claim, signal);
      return {};
    },
    log,
    now: () => performance.now(),
    shutdown,
    concurrency: 8,
    more: () => wake(besideFunction.notify),
    ...runLimits,
  });
  return workOnly(worker, runtime);
}
