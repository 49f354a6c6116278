import { ApiError } from "../api-error.ts";
import type { SpeechEngine } from "../speech/engine.ts";
import { textForEspeak } from "../speech/ssml-for-espeak.ts";
import { findVoice } from "../speech/voices.ts";
import type { GenerateRequest } from "./request.ts";

/** How the offline speech model names itself. */
const SPEECH_MODEL = "offline-espeak-ng-1";

/** Speaks the request's text as it stands; answers bare samples, as older speech models do. */
export async function speakReply(request: GenerateRequest, engine: SpeechEngine): Promise<object> {
  const text = request.contents
    .flatMap(({ parts }) => parts.map((part) => part.text ?? ""))
    .join("\n");
  if (text.trim() === "") throw new ApiError(400, "There is no text to speak.");
  const language = request.generationConfig?.speechConfig?.languageCode ?? "en-US";
  const voice = findVoice(language, undefined);
  if (voice === null) throw new ApiError(400, `The language ${language} is not supported.`);
  const { ssml } = textForEspeak(text);
  const sound = await engine.speak({ ssml, voice: voice.espeak, speakingRate: 1, pitch: 0 });
  const { buffer, byteOffset, byteLength } = sound.samples;
  const inlineData = {
    mimeType: `audio/L16;codec=pcm;rate=${sound.sampleRate}`,
    data: Buffer.from(buffer, byteOffset, byteLength).toString("base64"),
  };
  return {
    candidates: [
      { content: { role: "model", parts: [{ inlineData }] }, finishReason: "STOP", index: 0 },
    ],
    modelVersion: SPEECH_MODEL,
  };
}
