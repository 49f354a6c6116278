import { notifyClaimSchema } from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { workStage } from "../_shared/worker/work-stage.ts";
import { sendMessage } from "./send-message.ts";

/** Puts the worker that sends messages together. */
export function build(services: Services): (call: Call) => Promise<Response> {
  const { env, runtime } = services;
  const { fetch, resolve } = runtime;
  const deps = { fetch, resolve, now: () => new Date(), ...env.notify };
  const worker = workStage(services, "notify", {
    claims: notifyClaimSchema,
    async process(claim, { signal }) {
      await sendMessage(deps, claim, signal);
      return {};
    },
    // All slots of the stage: what does not answer for ten seconds holds up nobody else's.
    concurrency: 32,
  });
  return workOnly(worker, runtime);
}
