import { limits } from "@sideline/contracts";
import { z } from "zod";
import { wavOf } from "../audio/pcm.ts";
import { StageError } from "../errors.ts";
import { type GeminiReply, geminiReceipt, geminiReplySchema } from "./gemini.ts";
import { createProviderCall, jsonOf } from "./provider-call.ts";
import { failureOf } from "./provider-failure.ts";
import { decodeBase64, noAudio, type SpeechSynthesizer } from "./speech.ts";

export interface GeminiSpeechOptions {
  apiKey: string;
  baseUrl: string;
  model: string;
  /** One of the model's own voices; it speaks all the model's languages. */
  voice: string;
  fetch: typeof fetch;
}

const audioPartSchema = z.object({
  inlineData: z.object({ mimeType: z.string(), data: z.string() }),
});
const provider = "Gemini speech";
const timeoutMs = 110_000;
const maxBytes = Math.ceil((limits.audioBytes * 4) / 3) + 64 * 1024;

/**
 * Speech by a Gemini model. It would read markup aloud, so it gets the text; of pace and pitch it
 * knows nothing, and it tells no times. Older models answer with bare samples, newer with a WAV.
 */
export function createGeminiSpeech(options: GeminiSpeechOptions): SpeechSynthesizer {
  const call = createProviderCall(provider, options);
  const url = `${options.baseUrl}/v1beta/models/${encodeURIComponent(options.model)}:generateContent`;
  const { model, voice } = options;
  return {
    asks: ({ text, languageCode }) => ({ provider: "gemini", model, voice, text, languageCode }),

    async synthesize({ text, languageCode, signal }) {
      const answer = await call({
        url,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          contents: [{ role: "user", parts: [{ text }] }],
          generationConfig: {
            responseModalities: ["AUDIO"],
            speechConfig: {
              languageCode,
              voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } },
            },
          },
        }),
        signal,
        timeoutMs,
        maxBytes,
      });
      if (!answer.ok) throw failureOf(provider, answer);
      const reply = geminiReplySchema.safeParse(jsonOf(answer));
      if (!reply.success) throw noAudio(provider);
      const receipt = geminiReceipt(reply.data, model, answer.ms);
      return {
        receipt,
        speech: () => ({
          audio: audioOf(reply.data),
          times: [],
          provider: "gemini",
          version: receipt.model,
        }),
      };
    },
  };
}

function audioOf(reply: GeminiReply): Uint8Array<ArrayBuffer> {
  const candidate = reply.candidates[0];
  const block = reply.promptFeedback?.blockReason;
  const reason = candidate?.finishReason ?? "STOP";
  if (block || ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII"].includes(reason)) {
    const detail = `${provider} blocked it (${block ?? reason})`;
    throw new StageError("provider_blocked", "fail", { detail });
  }
  for (const part of candidate?.content?.parts ?? []) {
    const found = audioPartSchema.safeParse(part).data?.inlineData;
    if (!found) continue;
    const bytes = decodeBase64(found.data, provider);
    const rate = /^audio\/l16\b.*\brate=(\d{4,6})/i.exec(found.mimeType)?.[1];
    return rate === undefined || isRiff(bytes) ? bytes : wavOf(bytes, Number(rate));
  }
  throw noAudio(provider);
}

function isRiff(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 4)) === "RIFF";
}
