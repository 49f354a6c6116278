import { useSideline } from "@sideline/client/react";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useWords } from "../words/use-words.ts";
import { Empty, Panel, Rows } from "./panel.tsx";
import { ReadProblem } from "./read-problem.tsx";
import { checkNow, readCheckup } from "./reads.ts";
import { moment } from "./units.ts";
import { useAction } from "./use-action.ts";
import { usePolled } from "./use-polled.ts";
import { useOperatorWords } from "./words.ts";

const readMs = 60_000;
/** Broken rules that are shown at once. */
const fewest = 8;

/** Rows of the data that break a rule; looked for when somebody asks, since that reads all tables. */
export function CheckupPanel() {
  const words = useOperatorWords();
  const { code } = useWords();
  const { supabase } = useSideline();
  const { isBusy, refusal, run } = useAction();
  const [isWhole, setWhole] = useState(false);
  const { data, error, readAt, refresh } = usePolled(readMs, readCheckup);
  const check = () =>
    run(async () => {
      await checkNow(supabase);
      await refresh();
    });
  return (
    <Panel
      id="checkup"
      title={words.checkup}
      aside={
        <>
          {data && (
            <span className="text-sm text-soft">
              {words.checkedAt(moment(data.checked_at, code))}
            </span>
          )}
          <Button className="ml-auto" disabled={isBusy} onClick={check}>
            {words.check}
          </Button>
        </>
      }
    >
      <ReadProblem error={error} />
      {refusal && <Notice>{refusal}</Notice>}
      {readAt && !data && <Empty>{words.notChecked}</Empty>}
      {data?.violations === 0 && <Empty>{words.noViolations}</Empty>}
      {data && data.violations > 0 && (
        <>
          <p className="text-sm font-medium text-high">{words.violations(data.violations)}</p>
          <Rows>
            {data.found
              .slice(0, isWhole ? undefined : fewest)
              .map(({ rule, stage, id, detail }) => (
                <li key={`${rule} ${stage} ${id} ${detail}`} className="px-4 py-3 text-sm">
                  <p>{rule}</p>
                  <p className="text-xs text-soft">
                    <Link
                      href={`/operator/${stage}/${id}`}
                      className="rounded-part text-accent hover:underline"
                    >
                      {words.item(stage, id)}
                    </Link>
                    : {detail}
                  </p>
                </li>
              ))}
          </Rows>
          {!isWhole && data.found.length > fewest && (
            <Button onClick={() => setWhole(true)}>{words.more}</Button>
          )}
        </>
      )}
    </Panel>
  );
}
