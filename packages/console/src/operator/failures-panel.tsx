import { useSideline } from "@sideline/client/react";
import { useCallback, useState } from "react";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useWords } from "../words/use-words.ts";
import { everything, type FailureFilter, FailureFilterFields } from "./failure-filter.tsx";
import { FailureGroupRow } from "./failure-group.tsx";
import { Empty, Panel, Rows } from "./panel.tsx";
import { ReadProblem } from "./read-problem.tsx";
import { readFailures, retryAll } from "./reads.ts";
import { count } from "./units.ts";
import { useAction } from "./use-action.ts";
import { usePolled } from "./use-polled.ts";
import { useOperatorWords } from "./words.ts";

const readMs = 3_000;

interface Props {
  stages: string[];
  /** Something was retried. */
  changed(): Promise<void>;
}

/** What failed, by stage and error; each opens to its items. */
export function FailuresPanel({ stages, changed }: Props) {
  const words = useOperatorWords();
  const { code } = useWords();
  const { supabase } = useSideline();
  const [filter, setFilter] = useState(everything);
  const { isBusy, refusal, run } = useAction();
  const { data, error, refresh } = usePolled(readMs, readFailures, filter);
  const shown = data?.filter(({ stage }) => filter.stage === null || stage === filter.stage);
  const items = (shown ?? []).reduce((sum, group) => sum + group.items, 0);
  const again = useCallback(async () => {
    await Promise.all([refresh(), changed()]);
  }, [refresh, changed]);
  const retryShown = () =>
    run(async () => {
      for (const group of shown ?? []) {
        await retryAll(supabase, group, filter, () => {});
      }
      await again();
    });
  return (
    <Panel
      id="failures"
      title={words.failures}
      aside={
        shown &&
        shown.length > 1 && (
          <Button className="ml-auto" disabled={isBusy} onClick={retryShown}>
            {words.retryShown(count(items, code))}
          </Button>
        )
      }
    >
      <FailureFilterFields
        stages={stages}
        choose={(change) => setFilter((before): FailureFilter => ({ ...before, ...change }))}
      />
      <ReadProblem error={error} />
      {refusal && <Notice>{refusal}</Notice>}
      {shown?.length === 0 && (
        <Empty>{filter === everything ? words.noFailures : words.noneMatch}</Empty>
      )}
      {shown && shown.length > 0 && (
        <Rows>
          {shown.map((group) => (
            <FailureGroupRow
              key={`${group.stage} ${group.error_code}`}
              group={group}
              filter={filter}
              refresh={again}
            />
          ))}
        </Rows>
      )}
    </Panel>
  );
}
