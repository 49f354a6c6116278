import type { Content, GenerateContentResponse, Schema } from "@google/generative-ai";
import type { Json } from "@sideline/database";
import { z } from "zod";
import { StageError } from "../errors.ts";
import type { Ledger, Receipt } from "../ledger/ledger.ts";
import { payOnce } from "../ledger/pay-once.ts";
import { legalText } from "../legal-text.ts";
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
  /** What `contents` ask, as far as it decides the answer: the same whatever a file is called there. */
  asks: unknown;
  /** Called only where nothing was answered before. `context` is kept with the reply. */
  contents(): Promise<{ contents: Content[]; context?: Json }>;
  responseSchema: Schema;
  signal: AbortSignal;
  timeoutMs: number;
  ledger: Ledger;
}

export interface GenerateReply {
  /** The reply's JSON, as text: one candidate's parts joined, the model's thoughts left out. */
  text: string;
  /** What the provider calls the model that answered. */
  model: string;
  /** What `contents` gave with them. */
  context: Json;
}

export interface Gemini {
  /**
   * One `generateContent` call, or what it was answered before. Throws StageError: `provider_*` as
   * the answer says, or `reply_invalid` when the model stopped before its reply was whole.
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

/** As much as a column holds; more is nonsense. */
const countSchema = z.int32().nonnegative().optional().catch(undefined);

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
  responseId: z.string().optional().catch(undefined),
  usageMetadata: z
    .object({
      promptTokenCount: countSchema,
      candidatesTokenCount: countSchema,
      thoughtsTokenCount: countSchema,
    })
    .optional()
    .catch(undefined),
}) satisfies z.ZodType<Partial<Record<keyof GenerateContentResponse | "responseId", unknown>>>;
export type GeminiReply = z.infer<typeof geminiReplySchema>;

const textPartSchema = z.object({ text: z.string(), thought: z.boolean().optional() });
const answerSchema = z.object({ text: z.string(), model: z.string(), context: z.json() });

/** What the ledger knows of a reply; one that says nothing has used no output. */
export function geminiReceipt(reply: GeminiReply, model: string, ms: number): Receipt {
  const usage = reply.usageMetadata;
  const saysNothing = !reply.candidates.some(({ content }) => content?.parts.length);
  return {
    provider: "gemini",
    model: plainName(reply.modelVersion, model),
    input_tokens: usage?.promptTokenCount,
    output_tokens: usage?.candidatesTokenCount ?? (saysNothing ? 0 : undefined),
    thought_tokens: usage?.thoughtsTokenCount,
    response_id: reply.responseId && legalText(reply.responseId.slice(0, 200)),
    ms,
  };
}

export function createGemini(options: GeminiOptions): Gemini {
  const call = createProviderCall("Gemini", options);
  const { model } = options;
  const url = `${options.baseUrl}/v1beta/models/${encodeURIComponent(model)}:generateContent`;

  const ask = async (request: GenerateRequest, contents: Content[], maxOutputTokens: number) => {
    const answer = await call({
      url,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        systemInstruction: { parts: [{ text: request.system }] },
        contents,
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
    if (reply.success) {
      return { receipt: geminiReceipt(reply.data, model, answer.ms), reply: reply.data };
    }
    const detail = "Gemini answered with something that is no reply";
    throw new StageError("provider_unavailable", "defer", { detail });
  };

  return {
    async generate(request) {
      const { system, asks, responseSchema } = request;
      let asked: { contents: Content[]; context?: Json } | undefined;
      const answerWithin = (budget: number) =>
        payOnce(request.ledger, {
          asks: { provider: "gemini", model, system, asks, responseSchema, outputTokens },
          answer: answerSchema,
          async ask() {
            asked ??= await request.contents();
            request.ledger.asking();
            return await ask(request, asked.contents, budget);
          },
          read: (reply) => ({
            text: textOf(reply),
            model: plainName(reply.modelVersion, model),
            context: asked?.context ?? null,
          }),
        });
      try {
        return await answerWithin(outputTokens[0]);
      } catch (error) {
        if (!(error instanceof CutOff)) throw error;
        return await answerWithin(outputTokens[1]);
      }
    },
  };
}

/** The reply hit its budget. */
class CutOff extends StageError {
  constructor() {
    const detail = "Gemini stopped because its answer was too long";
    super("reply_invalid", "retry", { detail });
  }
}

/** A reply is whole only when its finish reason says so; a prompt may be blocked without one. */
function textOf(reply: GeminiReply): string {
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
      throw new CutOff();
    default:
      throw incomplete(`early (${reason})`);
  }
  const text = (candidate.content?.parts ?? [])
    .map((part) => textPartSchema.safeParse(part).data)
    .map((part) => (part && !part.thought ? part.text : ""))
    .join("");
  if (text.trim() === "") throw incomplete("with an empty answer");
  // What cannot be stored cannot be kept for another attempt.
  return legalText(text);
}

function blocked(what: string): StageError {
  return new StageError("provider_blocked", "fail", { detail: `Gemini blocked ${what}` });
}

function incomplete(how: string): StageError {
  return new StageError("reply_invalid", "retry", { detail: `Gemini stopped ${how}` });
}
