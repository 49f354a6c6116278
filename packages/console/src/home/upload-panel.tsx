import { friendlyProblem, type UploadState } from "@sideline/client";
import type { UseUpload } from "@sideline/client/react";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useProblemWords, useWords } from "../words/use-words.ts";
import { DropZone } from "./drop-zone.tsx";
import { useFeedbackLanguage } from "./feedback-language.ts";
import { useNextBrief } from "./next-brief.ts";

/** Takes a video, and goes to its page when it is there. */
export function UploadPanel({ upload }: { upload: UseUpload }) {
  const language = useFeedbackLanguage();
  const sessionId = useNextBrief();
  // A brief has a language of its own.
  const options = sessionId === null ? language !== null && { language } : { sessionId };
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const state = upload.upload;
  const doneId = state?.status === "completed" ? state.recordingId : null;
  // What was complete before this page was opened leads nowhere any more.
  const before = useRef(doneId);
  useEffect(() => {
    if (doneId !== null && doneId !== before.current) navigate(`/recordings/${doneId}`);
  }, [doneId, navigate]);
  const isIdle = state === null || state.status === "cancelled" || state.status === "completed";
  function take(file: File): void {
    setName(file.name);
    upload.start(file, options || {});
  }
  return isIdle ? (
    <DropZone take={take} />
  ) : (
    <UploadCard name={name} state={state} upload={upload} />
  );
}

interface CardProps {
  name: string;
  state: UploadState;
  upload: UseUpload;
}

function UploadCard({ name, state, upload }: CardProps) {
  const words = useWords();
  const problems = useProblemWords();
  const { status, sentBytes, totalBytes, problem, isResumed } = state;
  const percent = totalBytes > 0 ? Math.floor((sentBytes / totalBytes) * 100) : 0;
  const isRefused = status === "failed" && !problem?.isRetryable;
  const says = {
    preparing: words.preparing,
    uploading: words.uploading(percent),
    paused: words.paused,
    failed: words.status.failed,
    completed: words.status.completed,
    cancelled: "",
  };
  return (
    <div className="space-y-4 rounded-sheet border border-line bg-sheet p-5 shadow-sheet">
      <div className="space-y-1">
        {name && <p className="truncate font-medium">{name}</p>}
        <div className="flex items-baseline justify-between gap-3 text-sm text-soft">
          <p aria-live="polite">{says[status]}</p>
          {isResumed && <p>{words.resumed}</p>}
        </div>
      </div>
      {!isRefused && (
        <progress
          aria-label={says[status]}
          max={100}
          value={percent}
          className="block h-2 w-full appearance-none overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-well [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-all"
        />
      )}
      {problem && <Notice>{friendlyProblem(problem.code, problems).sentence}</Notice>}
      <div className="flex gap-2">
        {status === "uploading" && <Button onClick={upload.pause}>{words.pause}</Button>}
        {status === "paused" && (
          <Button look="main" onClick={upload.resume}>
            {words.resume}
          </Button>
        )}
        {status === "failed" && problem?.isRetryable && (
          <Button look="main" onClick={upload.retry}>
            {words.retry}
          </Button>
        )}
        <Button look={isRefused ? "main" : "bare"} onClick={upload.cancel}>
          {isRefused ? words.chooseOther : words.cancel}
        </Button>
      </div>
    </div>
  );
}
