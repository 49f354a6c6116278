import type { SessionStatus } from "@sideline/contracts";
import { Archive, Check, CircleDashed } from "lucide-react";
import { useBriefWords } from "./words.ts";

const looks = {
  open: { icon: CircleDashed, colour: "text-medium" },
  ready: { icon: Check, colour: "text-accent" },
  archived: { icon: Archive, colour: "text-soft" },
};

export function BriefStatus({ status }: { status: SessionStatus }) {
  const words = useBriefWords();
  const { icon: Icon, colour } = looks[status];
  return (
    <span className={`inline-flex items-center gap-1.5 text-xs font-medium ${colour}`}>
      <Icon className="size-3.5" aria-hidden="true" />
      {words.status[status]}
    </span>
  );
}
