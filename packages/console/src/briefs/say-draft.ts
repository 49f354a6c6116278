import { friendlyProblem, type ProblemCode } from "@sideline/client";
import type { SessionDraft } from "@sideline/contracts";
import type { BriefWords } from "../words/brief-english.ts";
import { useProblemWords } from "../words/use-words.ts";
import { useBriefWords } from "./words.ts";

/** Why a draft failed or waits, as a sentence; null where all goes well. */
export function useDraftProblem({ status, errorCode }: SessionDraft): string | null {
  const problems = useDraftProblems();
  if (status === "completed" || errorCode === null) return null;
  return friendlyProblem(errorCode, problems).sentence;
}

export function useDraftProblems(): Record<ProblemCode, string> {
  return { ...useProblemWords(), ...useBriefWords().problems };
}

/** What the first reply of the model was worth: "readable, complete, not within the rules". */
export function validationOf(draft: SessionDraft, words: BriefWords): string {
  if (!draft.validation) return words.notChecked;
  const { syntax, schema, rules } = draft.validation;
  const checks = [
    [syntax, words.checks.syntax],
    [schema, words.checks.schema],
    [rules, words.checks.rules],
  ] as const;
  const said: string[] = checks.map(([ok, name]) => (ok ? name : words.failedCheck(name)));
  if (draft.isRepaired) said.push(words.repaired);
  return said.join(", ");
}

/** Millionths of a US dollar; what is a fraction of a cent is not rounded to nothing. */
export function money(micros: number, language: string): string {
  return (micros / 1e6).toLocaleString(language, {
    style: "currency",
    currency: "USD",
    maximumFractionDigits: micros > 0 && micros < 100_000 ? 4 : 2,
  });
}
