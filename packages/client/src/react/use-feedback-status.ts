import { useCallback, useMemo, useState } from "react";
import { type FriendlyProblem, friendlyProblem } from "../problems/friendly-problem.ts";
import type { ProblemCode } from "../problems/problem-code.ts";
import { feedbackProblem, feedbackStatus, waitOf } from "../progress.ts";
import type { Feedback, StageStatus } from "../recording-state.ts";
import { SidelineError } from "../sideline-error.ts";
import { useSideline } from "./sideline-provider.ts";

export interface FeedbackStatus {
  /** Both stages as one: `completed` can be heard. */
  status: StageStatus;
  /** Why it failed or waits, or why its retry was refused. */
  problem: FriendlyProblem | null;
  wait: { since: Date; until: Date | null } | null;
  isRetrying: boolean;
  /** Queues the failed stage anew; does nothing where none failed. Never throws. */
  retry(): Promise<void>;
  /** Hides the problem until there is another one. */
  dismiss(): void;
}

/**
 * What to show beside one remark.
 * @param sentences another language than English, e.g. of `@sideline/client/german`
 */
export function useFeedbackStatus(
  feedback: Feedback,
  sentences?: Record<ProblemCode, string>,
): FeedbackStatus {
  const sideline = useSideline();
  const [isRetrying, setRetrying] = useState(false);
  /** About the moment of the row at which the retry was refused. */
  const [refused, setRefused] = useState<{ at: string; code: ProblemCode } | null>(null);
  const [dismissed, setDismissed] = useState<string | null>(null);

  const failure = feedbackProblem(feedback);
  const at = failure ? `${failure.stage} ${failure.state.updatedAt}` : "";
  const code = refused?.at === at ? refused.code : failure?.errorCode;
  const isShown = code !== undefined && dismissed !== `${at} ${code}`;
  const failedStage = failure?.state.status === "failed" ? failure.stage : null;

  const retry = useCallback(async () => {
    if (!failedStage) return;
    setRetrying(true);
    setRefused(null);
    try {
      await sideline.retryFeedback(feedback.id, failedStage);
    } catch (error) {
      setRefused({ at, code: error instanceof SidelineError ? error.code : "unknown" });
    } finally {
      setRetrying(false);
    }
  }, [sideline, feedback.id, failedStage, at]);

  return {
    status: feedbackStatus(feedback),
    problem: useMemo(
      () => (isShown ? friendlyProblem(code, sentences) : null),
      [isShown, code, sentences],
    ),
    wait: failure ? waitOf(failure.state) : null,
    isRetrying,
    retry,
    dismiss: useCallback(() => setDismissed(`${at} ${code}`), [at, code]),
  };
}
