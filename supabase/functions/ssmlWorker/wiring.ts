import { ssmlClaimSchema, stageFunction } from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { createGemini } from "../_shared/providers/gemini.ts";
import { workStage } from "../_shared/worker/work-stage.ts";
import { writeSsml } from "./write-ssml.ts";

/** Puts the SSML worker together. */
export function build(services: Services): (call: Call) => Promise<Response> {
  const { env, runtime, wake } = services;
  const gemini = createGemini({ ...env.gemini, fetch: runtime.fetch });
  const worker = workStage(services, "ssml", {
    claims: ssmlClaimSchema,
    model: env.gemini.model,
    process: (claim, attempt) => writeSsml({ gemini }, claim, attempt),
    completed: () => wake(stageFunction.audio),
    concurrency: 4,
  });
  return workOnly(worker, runtime);
}
