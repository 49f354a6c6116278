import { friendlyProblem, type UploadState } from "@sideline/client";
import { type UseUpload, useUpload } from "@sideline/client/react";
import { videoAccept } from "@sideline/contracts/video-types";
import { Upload } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useProblemWords, useWords } from "../words/use-words.ts";
import { useFeedbackLanguage } from "./feedback-language.ts";
import { useNextBrief } from "./next-brief.ts";

/** Takes a video, and goes to its page when it is there. */
export function UploadPanel() {
  const upload = useUpload();
  const language = useFeedbackLanguage();
  const sessionId = useNextBrief();
  // A brief has a language of its own.
  const options = sessionId === null ? language !== null && { language } : { sessionId };
  const [, navigate] = useLocation();
  const state = upload.upload;
  const doneId = state?.status === "completed" ? state.recordingId : null;
  useEffect(() => {
    if (doneId !== null) navigate(`/recordings/${doneId}`);
  }, [doneId, navigate]);
  const isIdle = state === null || state.status === "cancelled" || state.status === "completed";
  return isIdle ? (
    <DropZone take={(file) => upload.start(file, options || {})} />
  ) : (
    <UploadCard state={state} upload={upload} />
  );
}

function DropZone({ take }: { take(file: File): void }) {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) take(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way; the button is the other.
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`flex flex-col items-center gap-4 rounded-sheet border-2 border-dashed px-6 py-8 text-center transition sm:py-12 ${isOver ? "border-accent bg-tint" : "border-line bg-sheet"}`}
    >
      <span className="grid size-14 place-items-center rounded-full bg-tint text-accent">
        <Upload className="size-6" aria-hidden="true" />
      </span>
      <p className="text-lg font-medium pointer-coarse:hidden">{words.drop}</p>
      <Button look="main" onClick={() => input.current?.click()}>
        {words.choose}
      </Button>
      <input
        ref={input}
        type="file"
        accept={videoAccept}
        aria-label={words.choose}
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) take(file);
          target.value = "";
        }}
      />
      <p className="text-sm text-balance text-soft">{words.limits}</p>
    </div>
  );
}

function UploadCard({ state, upload }: { state: UploadState; upload: UseUpload }) {
  const words = useWords();
  const problems = useProblemWords();
  const { status, sentBytes, totalBytes, problem, isResumed } = state;
  const percent = totalBytes > 0 ? Math.floor((sentBytes / totalBytes) * 100) : 0;
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
      <div className="flex items-baseline justify-between gap-3">
        <p className="font-medium" aria-live="polite">
          {says[status]}
        </p>
        {isResumed && <p className="text-sm text-soft">{words.resumed}</p>}
      </div>
      <progress
        aria-label={says[status]}
        max={100}
        value={percent}
        className="h-2 w-full appearance-none overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-well [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-all"
      />
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
        <Button look="bare" onClick={upload.cancel}>
          {words.cancel}
        </Button>
      </div>
    </div>
  );
}
