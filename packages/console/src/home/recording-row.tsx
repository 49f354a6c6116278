import { friendlyProblem, type RecordingLine } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { Volume2 } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { Link } from "wouter";
import { StatusBadge } from "../parts/status-badge.tsx";
import { clock } from "../parts/time.ts";
import { useProblemWords, useWords } from "../words/use-words.ts";

/** Somebody who only moves across the list wants none of it. */
const dwellMs = 80;

export const RecordingRow = memo(function RecordingRow({ line }: { line: RecordingLine }) {
  const words = useWords();
  const problems = useProblemWords();
  const ahead = useReadAhead(line.id);
  const { remarks, errorCode, durationSeconds } = line;
  const when = new Date(line.createdAt).toLocaleString(words.code, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const detail = [when, durationSeconds && clock(durationSeconds), line.title && line.filename];
  return (
    <li>
      <Link
        href={`/recordings/${line.id}`}
        {...ahead}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 rounded-sheet border border-line bg-sheet px-4 py-3.5 shadow-sheet transition hover:border-soft"
      >
        <span className="truncate font-medium">{line.title ?? line.filename}</span>
        <StatusBadge
          status={line.uploadStatus === "completed" ? (line.status ?? "queued") : line.uploadStatus}
        />
        <span className="truncate text-sm text-soft">{detail.filter(Boolean).join(" · ")}</span>
        {remarks.all > 0 && (
          <span className="flex items-center justify-end gap-1.5 text-sm text-soft">
            <Volume2 className="size-3.5" aria-hidden="true" />
            {remarks.audible}/{remarks.all}
            <span className="sr-only"> {words.audible(remarks.audible, remarks.all)}</span>
          </span>
        )}
        {errorCode && (
          <span className="col-span-2 text-sm text-high">
            {friendlyProblem(errorCode, problems).sentence}
          </span>
        )}
      </Link>
    </li>
  );
});

/** Begins to read a recording when somebody is about to press it; lets go where they do not. */
function useReadAhead(recordingId: number) {
  const sideline = useSideline();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const letGo = useRef<(() => void) | null>(null);
  function end(): void {
    clearTimeout(timer.current);
    letGo.current?.();
    letGo.current = null;
  }
  const begin = () => {
    letGo.current ??= sideline.recording(recordingId).hold();
  };
  // The page has taken hold when this one goes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it reads what refs hold.
  useEffect(() => end, []);
  return {
    onPointerEnter() {
      clearTimeout(timer.current);
      timer.current = setTimeout(begin, dwellMs);
    },
    onPointerDown: begin,
    onFocus: begin,
    onBlur: end,
    onPointerLeave: end,
  };
}
