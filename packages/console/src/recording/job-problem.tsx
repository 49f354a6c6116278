import { friendlyProblem, type RecordingState, waitOf } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useProblemWords, useWords } from "../words/use-words.ts";

/** What leads on is another file, not another try. */
export function isBeyondHelp({ job }: RecordingState): boolean {
  if (job?.status !== "failed") return false;
  const { nextStep } = friendlyProblem(job.errorCode ?? "unknown");
  return nextStep === "other_video" || nextStep === "upload_again";
}

/** Why the analysis failed or waits, with what leads on from there. */
export function JobProblem({ state }: { state: RecordingState }) {
  const { recording, job } = state;
  const words = useWords();
  const problems = useProblemWords();
  const sideline = useSideline();
  const [refused, setRefused] = useState<string | null>(null);
  const code = refused ?? job?.errorCode ?? recording?.errorCode;
  if (!code) return null;
  const wait = job && waitOf(job);
  const time = (wait?.until ?? wait?.since)?.toLocaleTimeString(words.code, { timeStyle: "short" });
  const retry = () => {
    setRefused(null);
    if (job) sideline.retryAnalysis(job.id).catch(({ code }) => setRefused(String(code)));
  };
  let action: ReactNode = null;
  if (isBeyondHelp(state)) {
    action = (
      <Link
        href="/"
        className="inline-flex min-h-touch items-center rounded-part bg-well px-3.5 text-sm font-medium hover:bg-line"
      >
        {words.chooseOther}
      </Link>
    );
  } else if (job?.status === "failed") action = <Button onClick={retry}>{words.retry}</Button>;
  return (
    <Notice actions={action} tone={wait ? "wait" : "alarm"}>
      {friendlyProblem(code, problems).sentence}
      {wait && time && (
        <span className="text-soft">
          {" "}
          {wait.until ? words.waitingUntil(time) : words.waitingSince(time)}
        </span>
      )}
    </Notice>
  );
}
