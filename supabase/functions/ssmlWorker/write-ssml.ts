import type { Content } from "@google/generative-ai";
import { type SsmlClaim, type SsmlResult, ssmlReplySchema, usualCoach } from "@sideline/contracts";
import { StageError } from "../_shared/errors.ts";
import { legalText } from "../_shared/legal-text.ts";
import type { Gemini } from "../_shared/providers/gemini.ts";
import { type Parsed, parseReply, unfenced } from "../_shared/providers/parse-reply.ts";
import { canRead } from "../_shared/ssml/language.ts";
import { segmentsOf, speakable } from "../_shared/ssml/speakable.ts";
import { templateSsml, templateVersion } from "../_shared/ssml/template.ts";
import { SsmlError } from "../_shared/ssml/tree.ts";
import { saysSomething } from "../_shared/ssml/words.ts";
import type { Attempt } from "../_shared/worker/attempt.ts";
import { repairText, requestText, responseSchema, system } from "./prompt.ts";

export interface WriteSsmlDeps {
  gemini: Gemini;
}

const timeoutMs = 60_000;

/**
 * Writes the speech markup of one feedback. The model has two tries; when neither reply can be
 * spoken, or it declines, a fixed template says the message word for word and is recorded as such.
 * Markup that the speech provider refused is not asked for again: the template is plainer than any.
 * Of a message without a word there is none, and the feedback stays silent. What no voice speaks is
 * not written, before anybody is paid for it.
 * Throws StageError `language_not_spoken`, or when the provider is not there, or wants to be asked
 * later.
 */
export async function writeSsml(
  deps: WriteSsmlDeps,
  claim: SsmlClaim,
  attempt: Attempt,
): Promise<SsmlResult> {
  const { log } = attempt;
  if (!saysSomething(meantBy(claim))) {
    log.info("ssml.nothing_to_say");
    return { provider: "template", version: templateVersion, segments: [] };
  }
  const coach = claim.coach ?? usualCoach;
  if (!coach.speaks || !canRead(coach.language_code, meantBy(claim))) {
    throw new StageError("language_not_spoken", "fail", { detail: coach.language_code });
  }
  if (claim.refused !== null) {
    log.info("ssml.template", { code: "ssml_refused" });
    return fromTemplate(claim);
  }
  try {
    return await ask(deps, claim, attempt);
  } catch (error) {
    const usable =
      error instanceof StageError &&
      error.code !== "reply_invalid" &&
      error.code !== "provider_blocked";
    if (usable || !(error instanceof StageError)) throw error;
    log.warn("ssml.template", { code: error.code });
    return fromTemplate(claim);
  }
}

async function ask(
  { gemini }: WriteSsmlDeps,
  claim: SsmlClaim,
  { signal, log, ledger }: Attempt,
): Promise<SsmlResult> {
  const question = { role: "user", parts: [{ text: requestText(claim) }] };
  const generate = (contents: Content[]) =>
    gemini.generate({
      ...{ system, responseSchema, signal, timeoutMs, ledger },
      asks: contents,
      contents: async () => ({ contents }),
    });
  const first = await generate([question]);
  const firstTry = read(first.text, claim);
  if (firstTry.segments) return result(first.model, firstTry.segments);

  log.info("ssml.repair", { model: first.model });
  const second = await generate([
    question,
    { role: "model", parts: [{ text: first.text }] },
    { role: "user", parts: [{ text: repairText(firstTry.fault) }] },
  ]);
  const secondTry = read(second.text, claim);
  if (secondTry.segments) return result(second.model, secondTry.segments);
  throw new StageError("reply_invalid", "retry", { detail: secondTry.fault });
}

type Reading = { segments: string[]; fault?: never } | { segments?: never; fault: string };

function read(text: string, claim: SsmlClaim): Reading {
  const markup = markupIn(text);
  if (!markup.ok) return { fault: markup.faults.join("; ") };
  try {
    const speech = { meant: meantBy(claim), speakingRate: rateOf(claim) };
    return { segments: speakable(markup.value, speech) };
  } catch (error) {
    if (error instanceof SsmlError) return { fault: error.message };
    throw error;
  }
}

/** The markup of a reply: in JSON as asked for, or bare. An XML declaration says nothing. */
function markupIn(text: string): Parsed<string> {
  const bare = withoutDeclaration(unfenced(text) ?? text);
  if (/^<speak[\s>]/.test(bare)) return { ok: true, value: legalText(bare) };
  const reply = parseReply(ssmlReplySchema, text);
  return reply.ok ? { ok: true, value: withoutDeclaration(reply.value.ssml) } : reply;
}

function withoutDeclaration(markup: string): string {
  return markup.trim().replace(/^<\?xml\s[^?>]*\?>\s*/, "");
}

function result(model: string, segments: string[]): SsmlResult {
  return { provider: "gemini", version: model, segments: indexed(segments) };
}

function fromTemplate(claim: SsmlClaim): SsmlResult {
  try {
    const speak = templateSsml(claim.message, claim.drill, claim.language);
    const segments = segmentsOf(speak, rateOf(claim));
    return { provider: "template", version: templateVersion, segments: indexed(segments) };
  } catch (error) {
    if (!(error instanceof SsmlError)) throw error;
    throw new StageError("ssml_invalid", "fail", { detail: error.message });
  }
}

function meantBy({ message, drill }: SsmlClaim): string {
  return `${message}\n${drill ?? ""}`;
}

function rateOf({ coach }: SsmlClaim): number {
  return coach?.speaking_rate ?? 1;
}

function indexed(segments: string[]): SsmlResult["segments"] {
  return segments.map((ssml, segment_index) => ({ segment_index, ssml }));
}
