import {
  type AudioClaim,
  type AudioResult,
  audioClaimSchema,
  stageFunction,
} from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { pipelineQueue } from "../_shared/pipeline-queue.ts";
import { createGeminiSpeech } from "../_shared/providers/gemini-speech.ts";
import { createSpeechSynthesizer } from "../_shared/providers/speech.ts";
import { runLimits } from "../_shared/worker/run-limits.ts";
import { createWorker } from "../_shared/worker/worker.ts";
import { speakFeedback } from "./speak-feedback.ts";

/** Puts the audio worker together. */
export function build({
  env,
  runtime,
  log,
  database,
  storage,
  wake,
}: Services): (call: Call) => Promise<Response> {
  const { fetch, shutdown } = runtime;
  const speech =
    env.speech.provider === "gemini"
      ? createGeminiSpeech({ ...env.speech.gemini, fetch })
      : createSpeechSynthesizer({ ...env.speech.cloud, fetch });
  const worker = createWorker({
    queue: pipelineQueue<AudioClaim, AudioResult>(database, "audio", audioClaimSchema),
    process: (claim, attempt) => speakFeedback({ speech, storage }, claim, attempt),
    log,
    now: () => performance.now(),
    shutdown,
    concurrency: 4,
    more: () => wake(stageFunction.audio),
    ...runLimits,
  });
  return workOnly(worker, runtime);
}
