import { draftClaimSchema } from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { createGemini } from "../_shared/providers/gemini.ts";
import { workStage } from "../_shared/worker/work-stage.ts";
import { noteDraft } from "./note-draft.ts";
import { writeBrief } from "./write-brief.ts";

/** Puts the draft worker together. */
export function build(services: Services): (call: Call) => Promise<Response> {
  const { env, runtime, database } = services;
  const gemini = createGemini({ ...env.gemini, fetch: runtime.fetch });
  const note = noteDraft(database);
  const worker = workStage(services, "draft", {
    claims: draftClaimSchema,
    model: env.gemini.model,
    process: (claim, attempt) => writeBrief({ gemini, note }, claim, attempt),
    concurrency: 4,
  });
  return workOnly(worker, runtime);
}
