import { friendlyProblem, type ProblemCode } from "@sideline/client";
import { Notice } from "../parts/notice.tsx";
import { useDraftProblems } from "./say-draft.ts";

/** Why something was refused, where it was. */
export function Refusal({ code }: { code: ProblemCode | null }) {
  const problems = useDraftProblems();
  return code && <Notice>{friendlyProblem(code, problems).sentence}</Notice>;
}
