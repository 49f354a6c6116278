import { friendlyProblem } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useProblemWords, useWords } from "../words/use-words.ts";
import { FailedItems } from "./failed-items.tsx";
import type { FailureFilter } from "./failure-filter.tsx";
import { type FailureGroup, retryAll } from "./reads.ts";
import { count, since } from "./units.ts";
import { useAction } from "./use-action.ts";
import { useOperatorWords } from "./words.ts";

interface Props {
  group: FailureGroup;
  filter: FailureFilter;
  refresh(): Promise<void>;
}

/** One error of a stage: how often, since when, and again. */
export function FailureGroupRow({ group, filter, refresh }: Props) {
  const words = useOperatorWords();
  const problems = useProblemWords();
  const { code } = useWords();
  const { supabase } = useSideline();
  const { isBusy, refusal, run } = useAction();
  const [isOpen, setOpen] = useState(false);
  const [progress, setProgress] = useState("");
  const problem = friendlyProblem(group.error_code, problems);
  const retry = () =>
    run(async () => {
      await retryAll(supabase, group, filter, (retried, remaining) =>
        setProgress(remaining > 0 ? words.retrying(retried, remaining) : words.retried(retried)),
      );
      await refresh();
    });
  return (
    <li className="flex flex-col gap-3 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="-ml-2 flex min-h-touch min-w-0 flex-1 basis-56 items-center gap-2 rounded-part px-2 text-left hover:bg-well"
        >
          <ChevronDown
            className={`size-4 shrink-0 text-soft transition ${isOpen ? "" : "-rotate-90"}`}
            aria-hidden="true"
          />
          <span className="min-w-0">
            <span className="block truncate text-sm">
              <b className="font-medium">{group.error_code}</b>{" "}
              <span className="text-soft">{group.stage}</span>
            </span>
            <span className="block text-xs text-soft">
              {problem.code !== "unknown" && problem.sentence}
            </span>
          </span>
        </button>
        <span className="text-right text-sm max-sm:flex-1 max-sm:text-left">
          <span className="font-medium tabular-nums">{count(group.items, code)}</span>
          <span className="block text-xs text-soft">
            {words.newest(since(group.newest_at, code))}
          </span>
        </span>
        <Button disabled={isBusy} onClick={retry}>
          {words.retryAll(count(group.items, code))}
        </Button>
      </div>
      <p role="status" className="text-sm text-soft empty:hidden">
        {progress}
      </p>
      {refusal && <Notice>{refusal}</Notice>}
      {isOpen && <FailedItems group={group} filter={filter} refresh={refresh} />}
    </li>
  );
}
