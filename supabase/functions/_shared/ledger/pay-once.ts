import type { Json } from "@sideline/database";
import type { z } from "zod";
import { StageError } from "../errors.ts";
import type { Ledger, Receipt } from "./ledger.ts";

export interface Question<Reply, Answer extends Json> {
  /** All that decides the answer, the same in every isolate. Users' words go no further than a hash. */
  asks: unknown;
  /** What is kept. */
  answer: z.ZodType<Answer>;
  /** Whether what was kept is still there. */
  holds?(answer: Answer): Promise<boolean>;
  /** Throws where nothing is to be paid. */
  ask(): Promise<{ receipt: Receipt; reply: Reply }>;
  /** Makes of a reply what is kept. Throws StageError where it cannot be used. */
  read(reply: Reply): Answer | Promise<Answer>;
}

/**
 * The one place where money is spent. What the same question about the same item was answered
 * before, by an attempt that did not come to its end, is used again; else the provider is asked, and
 * the call is in the ledger before anything is made of it.
 */
export async function payOnce<Reply, Answer extends Json>(
  ledger: Ledger,
  question: Question<Reply, Answer>,
): Promise<Answer> {
  const request_hash = await hashOf(question.asks);
  const kept = question.answer.safeParse(await ledger.find(request_hash));
  if (kept.success && (await question.holds?.(kept.data)) !== false) return kept.data;

  const { receipt, reply } = await question.ask();
  let answer: Answer;
  try {
    answer = await question.read(reply);
  } catch (error) {
    const refused = error instanceof StageError ? error.code : "internal_error";
    await ledger.record({ ...receipt, request_hash, answer: null, refused });
    throw error;
  }
  await ledger.record({ ...receipt, request_hash, answer, refused: null });
  return answer;
}

async function hashOf(asks: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(asks));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
