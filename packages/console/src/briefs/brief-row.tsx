import type { SessionLine } from "@sideline/contracts";
import { Link } from "wouter";
import { BriefStatus } from "./brief-status.tsx";
import { nameOf } from "./clean-brief.ts";
import { useBriefWords } from "./words.ts";

export function BriefRow({ line }: { line: SessionLine }) {
  const words = useBriefWords();
  const when = new Date(line.updatedAt).toLocaleString(words.code, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return (
    <li>
      <Link
        href={`/briefs/${line.id}`}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 rounded-sheet border border-line bg-sheet px-4 py-3.5 shadow-sheet transition hover:border-soft"
      >
        <span className="truncate font-medium">{nameOf(line) ?? words.untitled}</span>
        <BriefStatus status={line.status} />
        <span className="col-span-2 truncate text-sm text-soft">
          {words.changed(when)} · {words.revisions(line.revisionCount)}
        </span>
      </Link>
    </li>
  );
}
