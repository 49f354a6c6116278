import { analysisReplySchema } from "@sideline/contracts";
import { StageError } from "../errors.ts";
import { createGemini, type GenerateRequest } from "../providers/gemini.ts";
import { toGeminiSchema } from "../providers/gemini-schema.ts";
import { type Answer, serveHttp } from "./http-server.ts";
import { memoryLedger } from "./memory-ledger.ts";

/** Tests only: a client of a model that answers so. */
export async function geminiThat(answer: Answer) {
  const { url: baseUrl, received } = await serveHttp(answer);
  const gemini = createGemini({ apiKey: "the-key", baseUrl, model: "gemini-x", fetch });
  return { gemini, received };
}

/** Tests only: a question, as an analysis asks it. */
export function ask(overrides: Partial<GenerateRequest> = {}): GenerateRequest {
  const contents = [{ role: "user", parts: [{ text: '{"task":"analysis"}' }] }];
  return {
    system: "Watch.",
    asks: contents,
    contents: async () => ({ contents }),
    responseSchema: toGeminiSchema(analysisReplySchema),
    signal: new AbortController().signal,
    timeoutMs: 5000,
    ledger: memoryLedger(),
    ...overrides,
  };
}

/** Tests only: a model's reply of these parts. */
export const reply = (parts: object[], finishReason = "STOP", extra: object = {}): Response =>
  Response.json({ candidates: [{ content: { role: "model", parts }, finishReason }], ...extra });

/** Tests only: the StageError that the work ends with. */
export async function errorOf(work: Promise<unknown>): Promise<StageError> {
  const error: unknown = await work.then(
    () => new Error("It succeeded."),
    (thrown) => thrown,
  );
  if (error instanceof StageError) return error;
  throw error;
}
