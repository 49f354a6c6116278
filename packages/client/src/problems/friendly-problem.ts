import { english } from "./english.ts";
import { isProblemCode, type NextStep, nextSteps, type ProblemCode } from "./problem-code.ts";

/** What to show for a code: words for people, and what they can do. */
export interface FriendlyProblem {
  code: ProblemCode;
  sentence: string;
  nextStep: NextStep;
}

/**
 * @param code of a row's `errorCode`, or of a SidelineError; what nobody knows reads as `unknown`
 * @param sentences another language, e.g. of `@sideline/client/german`
 */
export function friendlyProblem(
  code: string,
  sentences: Record<ProblemCode, string> = english,
): FriendlyProblem {
  const known = isProblemCode(code) ? code : "unknown";
  return { code: known, sentence: sentences[known], nextStep: nextSteps[known] };
}
