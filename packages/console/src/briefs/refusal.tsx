import { friendlyProblem, type ProblemCode } from "@sideline/client";
import { Notice } from "../parts/notice.tsx";
import { useProblemWords } from "../words/use-words.ts";

/** Why something was refused, where it was. */
export function Refusal({ code }: { code: ProblemCode | null }) {
  const problems = useProblemWords();
  return code && <Notice>{friendlyProblem(code, problems).sentence}</Notice>;
}
