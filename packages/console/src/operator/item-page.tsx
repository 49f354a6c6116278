import { useSideline } from "@sideline/client/react";
import { BackLink } from "../parts/back-link.tsx";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useTitle } from "../parts/use-page.ts";
import { useWords } from "../words/use-words.ts";
import { Empty, Panel } from "./panel.tsx";
import { ReadProblem } from "./read-problem.tsx";
import { type ItemState, readItem, retryItem } from "./reads.ts";
import { moment } from "./units.ts";
import { useAction } from "./use-action.ts";
import { usePolled } from "./use-polled.ts";
import { Waterfall } from "./waterfall.tsx";
import { useOperatorWords } from "./words.ts";

const readMs = 3_000;

/** The life of one item: where it is, and what became of each attempt. */
export default function ItemPage({ stage, id }: { stage: string; id: number }) {
  const words = useOperatorWords();
  const { supabase } = useSideline();
  const { isBusy, refusal, run } = useAction();
  const { data, error, refresh } = usePolled(readMs, readItem, stage, id);
  useTitle(words.item(stage, id));
  const retry = () =>
    run(async () => {
      await retryItem(supabase, stage, id);
      await refresh();
    });
  return (
    <div className="max-w-4xl space-y-6 pt-2">
      <BackLink href="/operator">{words.back}</BackLink>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-2xl font-semibold tracking-tight">{words.item(stage, id)}</h1>
        {data?.item?.status === "failed" && (
          <Button look="main" disabled={isBusy} onClick={retry}>
            {words.retry}
          </Button>
        )}
      </div>
      <ReadProblem error={error} />
      {refusal && <Notice>{refusal}</Notice>}
      {!data && !error && <div className="h-40 animate-breathe rounded-sheet bg-well" />}
      {data && !data.item && <Empty>{words.noItem}</Empty>}
      {data?.item && <ItemFacts item={data.item} />}
      {data?.item && (
        <Panel id="life" title={words.life}>
          {data.attempts.length === 0 ? (
            <Empty>{words.noAttempts}</Empty>
          ) : (
            <Waterfall attempts={data.attempts} />
          )}
        </Panel>
      )}
    </div>
  );
}

function ItemFacts({ item }: { item: ItemState }) {
  const words = useOperatorWords();
  const { code } = useWords();
  const where =
    item.task && words.task[item.task] && item.task !== "ready" && item.available_at
      ? `${words.task[item.task]} ${moment(item.available_at, code)}`
      : item.task && words.task[item.task];
  return (
    <dl className="grid gap-x-6 gap-y-1.5 text-sm sm:grid-cols-[auto_1fr]">
      <dt className="text-soft">{words.status}</dt>
      <dd className="max-sm:mb-2">
        {[item.status, where, words.attempts(item.attempts)].filter(Boolean).join(" · ")}
      </dd>
      <dt className="text-soft">{words.itemOf}</dt>
      <dd className="[overflow-wrap:anywhere] max-sm:mb-2">{item.user_id}</dd>
      {item.error_code && (
        <>
          <dt className="text-soft">{item.error_code}</dt>
          <dd className="[overflow-wrap:anywhere]">{item.last_error}</dd>
        </>
      )}
    </dl>
  );
}
