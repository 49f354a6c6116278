import { useSideline } from "@sideline/client/react";
import { Pause, Play } from "lucide-react";
import { IconButton } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useWords } from "../words/use-words.ts";
import { type Pace, type StageHealth, setPaused } from "./reads.ts";
import { Sparkline } from "./sparkline.tsx";
import { count, since, span } from "./units.ts";
import { useAction } from "./use-action.ts";
import { useOperatorWords } from "./words.ts";

interface Props {
  health: StageHealth;
  pace: Pace | null;
  refresh(): Promise<void>;
}

export function StageCard({ health, pace, refresh }: Props) {
  const words = useOperatorWords();
  const { code } = useWords();
  const { supabase } = useSideline();
  const { isBusy, refusal, run } = useAction();
  const { stage, paused, ready } = health;
  const isIdle =
    pace?.attempts === 0 &&
    ready + health.in_flight + health.delayed + health.parked + health.failed === 0;
  const toggle = () =>
    run(async () => {
      await setPaused(supabase, stage, !paused);
      await refresh();
    });
  return (
    <li
      className={`flex flex-col gap-3 rounded-sheet border bg-sheet p-4 shadow-sheet ${isIdle ? "order-last" : ""} ${paused ? "border-medium" : "border-line"}`}
    >
      <div className="-my-1 flex items-center gap-2">
        <h2 className="font-semibold">{stage}</h2>
        <span className={`text-xs font-medium ${paused ? "text-medium" : "text-accent"}`}>
          {paused ? words.paused : words.running}
        </span>
        <IconButton
          label={paused ? words.resume(stage) : words.pause(stage)}
          disabled={isBusy}
          onClick={toggle}
          className="-mr-2 ml-auto"
        >
          {paused ? (
            <Play className="size-4 fill-current" aria-hidden="true" />
          ) : (
            <Pause className="size-4 fill-current" aria-hidden="true" />
          )}
        </IconButton>
      </div>
      {!isIdle && <Depth health={health} />}
      {pace?.attempts === 0 && <p className="mt-auto text-xs text-soft">{words.quiet}</p>}
      {pace && pace.attempts > 0 && (
        <div className="mt-auto space-y-2 border-t border-line pt-3">
          <Sparkline
            label={words.throughput(pace.attempts, pace.minutes, stage)}
            completed={pace.completed_per_minute}
            troubled={pace.troubled_per_minute}
          />
          <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs text-soft tabular-nums">
            <dt title={words.p50p95}>{words.waiting}</dt>
            <dd className="text-right">
              {span(pace.waiting_p50_ms, code)} / {span(pace.waiting_p95_ms, code)}
            </dd>
            <dt title={words.p50p95}>{words.working}</dt>
            <dd className="text-right">
              {span(pace.working_p50_ms, code)} / {span(pace.working_p95_ms, code)}
            </dd>
          </dl>
        </div>
      )}
      {refusal && <Notice>{refusal}</Notice>}
    </li>
  );
}

function Depth({ health }: { health: StageHealth }) {
  const words = useOperatorWords();
  const { code } = useWords();
  const { ready, oldest_ready_at: oldest } = health;
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-3xl font-semibold tracking-tight tabular-nums">
          {count(ready, code)}
        </span>
        <span className="text-sm text-soft">
          {words.ready}, {oldest ? words.oldest(since(oldest, code)) : words.noneWait}
        </span>
      </p>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1 text-sm sm:grid-cols-1">
        <Figure name={words.inFlight} value={health.in_flight} />
        <Figure name={words.delayed} value={health.delayed} />
        <Figure name={words.parked} value={health.parked} />
        <Figure name={words.failed} value={health.failed} isBad />
      </dl>
    </>
  );
}

function Figure({ name, value, isBad }: { name: string; value: number; isBad?: boolean }) {
  const { code } = useWords();
  return (
    <div className="flex items-baseline justify-between gap-2">
      <dt className="text-soft">{name}</dt>
      <dd className={`font-medium tabular-nums ${isBad && value > 0 ? "text-high" : ""}`}>
        {count(value, code)}
      </dd>
    </div>
  );
}
