import { analysisClaimSchema, stageFunction } from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workAnswer } from "../_shared/http/work-call.ts";
import { createGemini } from "../_shared/providers/gemini.ts";
import { createGeminiFiles } from "../_shared/providers/gemini-files.ts";
import { sleep } from "../_shared/sleep.ts";
import { workStage } from "../_shared/worker/work-stage.ts";
import { analyseVideo } from "./analyse-video.ts";
import { databaseAnalyses } from "./database-analyses.ts";
import { route } from "./routes.ts";

/** Puts the function together. */
export function build(services: Services): (call: Call) => Promise<Response> {
  const { env, runtime, database, storage, wake } = services;
  const { fetch } = runtime;
  const files = createGeminiFiles({ ...env.gemini, fetch, sleep });
  const gemini = createGemini({ ...env.gemini, fetch });
  const worker = workStage(services, "analysis", {
    claims: analysisClaimSchema,
    model: env.gemini.model,
    process: (claim, attempt) => analyseVideo({ storage, files, gemini }, claim, attempt),
    completed(_claim, result) {
      if (result.feedback.length > 0) wake(stageFunction.ssml);
    },
    // Each holds one 8 MiB piece of a video.
    concurrency: 2,
  });
  const analyses = databaseAnalyses(database, { ...env.supabase, fetch });
  const work = () => workAnswer(worker, runtime);
  return (call) => route({ analyses, storage, wake, work }, call);
}
