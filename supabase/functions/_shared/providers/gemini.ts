import type { Content, GenerateContentResponse, Schema } from "@google/generative-ai";
import { z } from "zod";
import { StageError } from "../errors.ts";
import { plainName } from "./plain-name.ts";
import { createProviderCall, jsonOf } from "./provider-call.ts";
import { failureOf } from "./provider-failure.ts";

/**
 * Gemini's `generateContent`, in the words of its SDK. The call itself is made here: the SDK follows
 * redirects with the key in hand, reads replies of any size, and hides the answer's headers.
 */
export interface GenerateRequest {
  /** Instructions. Users' data never goes in here. */
  system: string;
  contents: Content[];
  responseSchema: Schema;
  signal: AbortSignal;
  timeoutMs: number;
}

export interface GenerateReply {
  /** The reply's JSON, as text: one candidate's parts joined, the model's thoughts left out. */
  text: string;
  /** What the provider calls the model that answered. */
  model: string;
}

export interface Gemini {
  /**
   * One `generateContent` call. Throws StageError: `provider_*` as the answer says, or
   * `reply_invalid` when the model stopped before its reply was whole.
   */
  generate(request: GenerateRequest): Promise<GenerateReply>;
}

export interface GeminiOptions {
  apiKey: string;
  baseUrl: string;
  model: string;
  fetch: typeof fetch;
}

/** Output budgets: the second is for a reply that hit the first. Thoughts count against both. */
const outputTokens = [16_384, 65_536] as const;
/** Bytes of a reply: many times what the larger budget comes to. */
const maxBytes = 4 * 1024 * 1024;

/** Of the reply what is read of it; a part of another kind has no text. */
export const geminiReplySchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(z.unknown()).default([]) }).optional(),
        finishReason: z.string().optional(),
      }),
    )
    .default([]),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  modelVersion: z.string().optional(),
}) satisfies z.ZodType<Partial<Record<keyof GenerateContentResponse, unknown>>>;
type Reply = z.infer<typeof geminiReplySchema>;

const textPartSchema = z.object({ text: z.string(), thought: z.boolean().optional() });

export function createGemini(options: GeminiOptions): Gemini {
  const call = createProviderCall("Gemini", options);
  const url = `${options.baseUrl}/v1beta/models/${encodeURIComponent(options.model)}:generateContent`;

  const ask = async (request: GenerateRequest, maxOutputTokens: number): Promise<Reply> => {
    const answer = await call({
      url,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        systemInstruction: { parts: [{ text: request.system }] },
        contents: request.contents,
        generationConfig: {
          responseMimeType: "application/json",
          responseSchema: request.responseSchema,
          maxOutputTokens,
        },
      }),
      signal: request.signal,
      timeoutMs: request.timeoutMs,
      maxBytes,
    });
    if (!answer.ok) throw failureOf("Gemini", answer);
    const reply = geminiReplySchema.safeParse(jsonOf(answer));
    if (reply.success) return reply.data;
    const detail = "Gemini answered with something that is no reply";
    throw new StageError("provider_unavailable", "defer", { detail });
  };

  return {
    async generate(request) {
      let reply = await ask(request, outputTokens[0]);
      if (reply.candidates[0]?.finishReason === "MAX_TOKENS") {
        reply = await ask(request, outputTokens[1]);
      }
      return { text: textOf(reply), model: plainName(reply.modelVersion, options.model) };
    },
  };
}

/** A reply is whole only when its finish reason says so; a prompt may be blocked without one. */
function textOf(reply: Reply): string {
  const block = reply.promptFeedback?.blockReason;
  if (block) throw blocked(`the request (${block})`);
  const candidate = reply.candidates[0];
  if (!candidate) throw incomplete("without an answer");
  const reason = candidate.finishReason ?? "STOP";
  switch (reason) {
    case "STOP":
    case "FINISH_REASON_UNSPECIFIED":
      break;
    case "SAFETY":
    case "RECITATION":
    case "BLOCKLIST":
    case "PROHIBITED_CONTENT":
    case "SPII":
    case "LANGUAGE":
      throw blocked(`its answer (${reason})`);
    case "MAX_TOKENS":
      throw incomplete("because its answer was too long");
    default:
      throw incomplete(`early (${reason})`);
  }
  const text = (candidate.content?.parts ?? [])
    .map((part) => textPartSchema.safeParse(part).data)
    .map((part) => (part && !part.thought ? part.text : ""))
    .join("");
  if (text.trim() === "") throw incomplete("with an empty answer");
  return text;
}

function blocked(what: string): StageError {
  return new StageError("provider_blocked", "fail", { detail: `Gemini blocked ${what}` });
}

function incomplete(how: string): StageError {
  return new StageError("reply_invalid", "retry", { detail: `Gemini stopped ${how}` });
}
