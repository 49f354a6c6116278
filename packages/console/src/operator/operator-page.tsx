import { Notice } from "../parts/notice.tsx";
import { useTitle } from "../parts/use-page.ts";
import { useWords } from "../words/use-words.ts";
import { CheckupPanel } from "./checkup-panel.tsx";
import { CostsPanel } from "./costs-panel.tsx";
import { FailuresPanel } from "./failures-panel.tsx";
import { FindItem } from "./find-item.tsx";
import { ProvidersPanel } from "./providers-panel.tsx";
import { QuotasPanel } from "./quotas-panel.tsx";
import { ReadProblem } from "./read-problem.tsx";
import { readPace, readQueue } from "./reads.ts";
import { StageCard } from "./stage-card.tsx";
import { moment } from "./units.ts";
import { usePolled } from "./use-polled.ts";
import { useOperatorWords } from "./words.ts";

const queueMs = 3_000;
const paceMs = 15_000;

/** How the machine is doing. It reads while it is visible. */
export default function OperatorPage() {
  const words = useOperatorWords();
  const { code } = useWords();
  const queue = usePolled(queueMs, readQueue);
  const pace = usePolled(paceMs, readPace);
  const { data, error, readAt } = queue;
  useTitle(words.title);
  return (
    <div className="space-y-10 pt-2">
      <div className="space-y-4">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="text-2xl font-semibold tracking-tight">{words.title}</h1>
          {readAt && (
            <p className="text-sm text-soft tabular-nums">
              {words.readAt(moment(readAt.toISOString(), code))}
            </p>
          )}
          <FindItem />
        </div>
        <ReadProblem error={error ?? pace.error} />
        {!data && !error && <Skeleton />}
        {data && (
          <ul
            aria-label={words.stages}
            className="grid items-start grid-cols-[repeat(auto-fill,minmax(min(100%,14.25rem),1fr))] gap-4"
          >
            {data.stages.map((stage) => (
              <StageCard
                key={stage.stage}
                health={stage}
                pace={pace.data?.find((own) => own.stage === stage.stage) ?? null}
                refresh={queue.refresh}
              />
            ))}
          </ul>
        )}
        {data?.stages
          .filter(({ wake_outcome: outcome }) => !["called", "never called"].includes(outcome))
          .slice(0, 1)
          .map(({ stage, wake_outcome: outcome }) => (
            <Notice key={stage}>{words.notWoken(outcome)}</Notice>
          ))}
      </div>
      {data && (
        <div className="grid items-start gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
          <FailuresPanel stages={data.stages.map(({ stage }) => stage)} changed={queue.refresh} />
          <div className="space-y-10">
            <ProvidersPanel providers={data.providers} />
            <QuotasPanel />
            <CostsPanel />
            <CheckupPanel />
          </div>
        </div>
      )}
    </div>
  );
}

function Skeleton() {
  return (
    <div
      className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,14.25rem),1fr))] gap-4"
      aria-hidden="true"
    >
      {[0, 1, 2, 3].map((key) => (
        <div key={key} className="h-64 animate-breathe rounded-sheet bg-well" />
      ))}
    </div>
  );
}
