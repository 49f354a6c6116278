import { audioClaimSchema } from "@sideline/contracts";
import type { Call } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { workOnly } from "../_shared/http/work-call.ts";
import { createGeminiSpeech } from "../_shared/providers/gemini-speech.ts";
import { createSpeechSynthesizer } from "../_shared/providers/speech.ts";
import { workStage } from "../_shared/worker/work-stage.ts";
import { speakFeedback } from "./speak-feedback.ts";

/** Puts the audio worker together. */
export function build(services: Services): (call: Call) => Promise<Response> {
  const { env, runtime, storage } = services;
  const { fetch } = runtime;
  const speech =
    env.speech.provider === "gemini"
      ? createGeminiSpeech({ ...env.speech.gemini, fetch })
      : createSpeechSynthesizer({ ...env.speech.cloud, fetch });
  const worker = workStage(services, "audio", {
    claims: audioClaimSchema,
    process: (claim, attempt) => speakFeedback({ speech, storage }, claim, attempt),
    concurrency: 4,
  });
  return workOnly(worker, runtime);
}
