import type { StageStatus, UploadStatus } from "@sideline/client";
import { Check, CircleAlert, CircleDashed, Clock, LoaderCircle } from "lucide-react";
import { useWords } from "../words/use-words.ts";

type Status = StageStatus | UploadStatus;

const looks: Record<Status, { icon: typeof Check; colour: string; moves: boolean }> = {
  pending: { icon: CircleDashed, colour: "text-soft", moves: false },
  queued: { icon: CircleDashed, colour: "text-soft", moves: false },
  waiting: { icon: Clock, colour: "text-medium", moves: false },
  uploading: { icon: LoaderCircle, colour: "text-low", moves: true },
  processing: { icon: LoaderCircle, colour: "text-low", moves: true },
  completed: { icon: Check, colour: "text-accent", moves: false },
  failed: { icon: CircleAlert, colour: "text-high", moves: false },
};

/** One status, as a sign and a word. `of` names what it is about, where that is not plain. */
export function StatusBadge({ status, of }: { status: Status; of?: string }) {
  const words = useWords();
  const { icon: Icon, colour, moves } = looks[status];
  return (
    <span
      className={`inline-flex items-center justify-self-end gap-1.5 text-xs font-medium ${colour}`}
    >
      <Icon className={`size-3.5 ${moves ? "animate-spin" : ""}`} aria-hidden="true" />
      {of && <span className="text-soft">{of}</span>}
      {words.status[status]}
    </span>
  );
}
