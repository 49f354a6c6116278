import type { Content } from "@google/generative-ai";
import type { DraftClaim, DraftFindings, DraftResult } from "@sideline/contracts";
import { StageError } from "../_shared/errors.ts";
import type { Gemini } from "../_shared/providers/gemini.ts";
import type { Attempt } from "../_shared/worker/attempt.ts";
import { promptVersion, repairText, requestText, responseSchema, system } from "./prompt.ts";
import { readBrief } from "./read-brief.ts";

export interface WriteBriefDeps {
  gemini: Gemini;
  /** Records what was found in the first reply, whatever becomes of the draft. */
  note(claim: DraftClaim, findings: DraftFindings): Promise<void>;
}

const timeoutMs = 60_000;

/**
 * Has a brief drafted. A reply with a fault is repaired once; what was wrong with it is recorded.
 * Throws StageError: `reply_invalid` where both have one, or as the provider is.
 */
export async function writeBrief(
  { gemini, note }: WriteBriefDeps,
  claim: DraftClaim,
  { signal, log, ledger }: Attempt,
): Promise<DraftResult> {
  const question = { role: "user", parts: [{ text: requestText(claim) }] };
  const generate = (contents: Content[]) =>
    gemini.generate({
      ...{ system, responseSchema, signal, timeoutMs, ledger },
      asks: contents,
      contents: async () => ({ contents }),
    });
  const first = await generate([question]);
  const { brief, ...found } = readBrief(first.text, claim.ir);
  const findings = { ...found, model: first.model, prompt_version: promptVersion };
  await note(claim, { ...findings, is_repaired: brief === null });
  if (brief) return { model: first.model, prompt_version: promptVersion, ir: brief };

  log.info("draft.repair", { model: first.model });
  const second = await generate([
    question,
    { role: "model", parts: [{ text: first.text }] },
    { role: "user", parts: [{ text: repairText(found.faults) }] },
  ]);
  const repaired = readBrief(second.text, claim.ir);
  if (repaired.brief) {
    return { model: second.model, prompt_version: promptVersion, ir: repaired.brief };
  }
  throw new StageError("reply_invalid", "retry", { detail: repaired.faults.join("; ") });
}
