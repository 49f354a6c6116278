import { friendlyProblem, type RecordingLine } from "@sideline/client";
import { memo } from "react";
import { Link } from "wouter";
import { StatusBadge } from "../parts/status-badge.tsx";
import { clock } from "../parts/time.ts";
import { useProblemWords, useWords } from "../words/use-words.ts";

export const RecordingRow = memo(function RecordingRow({ line }: { line: RecordingLine }) {
  const words = useWords();
  const problems = useProblemWords();
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
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 rounded-sheet border border-line bg-sheet px-4 py-3.5 shadow-sheet transition hover:border-soft"
      >
        <span className="truncate font-medium">{line.title ?? line.filename}</span>
        <StatusBadge
          status={line.uploadStatus === "completed" ? (line.status ?? "queued") : line.uploadStatus}
        />
        <span className="truncate text-sm text-soft">{detail.filter(Boolean).join(" · ")}</span>
        {remarks.all > 0 && (
          <span className="text-right text-sm text-soft">
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
