import {
  type Content,
  type GenerateContentResponse,
  GoogleGenerativeAI,
  GoogleGenerativeAIAbortError,
  GoogleGenerativeAIFetchError,
  type Schema,
} from "@google/generative-ai";
import { z } from "zod";
import { StageError } from "../errors.ts";
import { type ProviderFailure, stageErrorOf, unreachable } from "./provider-failure.ts";

/**
 * The only file that knows the Gemini SDK. `@google/generative-ai` is the SDK the project names and
 * is no longer developed; a successor would be put in here.
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

/** Output budgets: the second is for a reply that hit the first. Thoughts count against both. */
const outputTokens = [16_384, 65_536] as const;

export function createGemini(options: { apiKey: string; baseUrl: string; model: string }): Gemini {
  const sdk = new GoogleGenerativeAI(options.apiKey);

  const call = async (request: GenerateRequest, maxOutputTokens: number) => {
    const model = sdk.getGenerativeModel(
      {
        model: options.model,
        systemInstruction: request.system,
        generationConfig: {
          responseMimeType: "application/json",
          responseSchema: request.responseSchema,
          maxOutputTokens,
        },
      },
      { baseUrl: options.baseUrl },
    );
    // The SDK ignores a signal that is aborted already and never clears its own timeout's timer.
    request.signal.throwIfAborted();
    const abort = new AbortController();
    const onAbort = (): void => abort.abort();
    request.signal.addEventListener("abort", onAbort, { once: true });
    const timer = setTimeout(onAbort, request.timeoutMs);
    try {
      const result = await model.generateContent(
        { contents: request.contents },
        { signal: abort.signal },
      );
      return result.response;
    } catch (error) {
      request.signal.throwIfAborted();
      throw toStageError(error);
    } finally {
      clearTimeout(timer);
      request.signal.removeEventListener("abort", onAbort);
    }
  };

  return {
    async generate(request) {
      let reply = await call(request, outputTokens[0]);
      if (reply.candidates?.[0]?.finishReason === "MAX_TOKENS") {
        reply = await call(request, outputTokens[1]);
      }
      return { text: textOf(reply), model: versionOf(reply) ?? options.model };
    },
  };
}

const thoughtSchema = z.object({ thought: z.literal(true) });
const versionSchema = z.object({ modelVersion: z.string().min(1) });

/** The SDK's own `text()` gives half a JSON on MAX_TOKENS, nothing on a block, and thoughts. */
function textOf(reply: GenerateContentResponse): string {
  const block = reply.promptFeedback?.blockReason;
  if (block) throw blocked(`the request (${block})`);
  const candidate = reply.candidates?.[0];
  if (!candidate) throw incomplete("without an answer");
  // Newer reasons than the SDK's enum knows exist: compare as text.
  const reason: string = candidate.finishReason ?? "STOP";
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
  const parts = candidate.content?.parts ?? [];
  const text = parts
    .filter((part) => !thoughtSchema.safeParse(part).success)
    .map((part) => part.text ?? "")
    .join("");
  if (text.trim() === "") throw incomplete("with an empty answer");
  return text;
}

function versionOf(reply: GenerateContentResponse): string | undefined {
  return versionSchema.safeParse(reply).data?.modelVersion;
}

function blocked(what: string): StageError {
  return new StageError(`Gemini blocked ${what}.`, { code: "provider_blocked", fate: "fail" });
}

function incomplete(how: string): StageError {
  return new StageError(`Gemini stopped ${how}.`, { code: "reply_invalid", fate: "retry" });
}

function toStageError(error: unknown): StageError {
  if (error instanceof GoogleGenerativeAIFetchError && error.status !== undefined) {
    return stageErrorOf(failureFrom(error, error.status));
  }
  if (error instanceof GoogleGenerativeAIAbortError) {
    return new StageError("Gemini did not answer in time.", {
      code: "provider_unavailable",
      fate: "defer",
      cause: error,
    });
  }
  return unreachable("Gemini", error);
}

/** The SDK puts URL, status, message and details into one sentence; only the message may be shown. */
function failureFrom(error: GoogleGenerativeAIFetchError, httpStatus: number): ProviderFailure {
  const details = error.errorDetails ?? [];
  const start = error.message.indexOf(`[${httpStatus} `);
  const sentence = start < 0 ? "" : error.message.slice(error.message.indexOf("] ", start) + 2);
  return {
    provider: "Gemini",
    httpStatus,
    message: sentence.replace(` ${JSON.stringify(details)}`, "").trim(),
    details,
    retryAfter: null,
  };
}
