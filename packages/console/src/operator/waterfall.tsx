import { useWords } from "../words/use-words.ts";
import type { Attempt } from "./reads.ts";
import { moment, span } from "./units.ts";
import { useOperatorWords } from "./words.ts";

const fills: Record<string, string> = {
  completed: "bg-accent",
  failed: "bg-high",
  lost: "bg-high",
  retried: "bg-medium",
  deferred: "bg-medium",
  sent_back: "bg-medium",
};

/** Attempts one below the other on one axis of time; what waited is pale, what worked is solid. */
export function Waterfall({ attempts }: { attempts: Attempt[] }) {
  const words = useOperatorWords();
  const { code } = useWords();
  const times = attempts.map((attempt) => {
    const started = Date.parse(attempt.started_at);
    return {
      queued: attempt.queued_at ? Date.parse(attempt.queued_at) : started,
      started,
      ended: attempt.ended_at ? Date.parse(attempt.ended_at) : Date.now(),
    };
  });
  const first = Math.min(...times.map(({ queued }) => queued));
  const last = Math.max(...times.map(({ ended }) => ended));
  const share = (from: number, to: number) => `${((to - from) / Math.max(1, last - first)) * 100}%`;
  return (
    <div className="space-y-3">
      <ol className="space-y-3 rounded-sheet border border-line bg-sheet p-4 shadow-sheet">
        {attempts.map((attempt, at) => {
          const { queued = 0, started = 0, ended = 0 } = times[at] ?? {};
          const { outcome, step, error_code: error } = attempt;
          return (
            <li key={attempt.id} className="space-y-1 text-sm">
              <p className="flex flex-wrap items-baseline gap-x-3">
                <span className={step ? "pl-4 text-soft" : "font-medium"}>
                  {step ?? `${attempt.stage}, ${words.attempt(attempt.attempt)}`}
                </span>
                <span className="text-xs text-soft">
                  {outcome && (words.outcome[outcome] ?? outcome)}
                  {error && `: ${error}`}
                </span>
                <span className="ml-auto text-xs text-soft tabular-nums">
                  {words.took(span(started - queued, code), span(ended - started, code))}
                </span>
              </p>
              <div aria-hidden="true" className="relative h-2.5 rounded-full bg-well">
                <span
                  className="absolute inset-y-0 rounded-l-full bg-low opacity-35"
                  style={{ left: share(first, queued), width: share(queued, started) }}
                />
                <span
                  className={`absolute inset-y-0 min-w-1 rounded-full ${fills[outcome ?? ""] ?? "bg-soft"}`}
                  style={{
                    left: `min(${share(first, started)}, 100% - 4px)`,
                    width: share(started, ended),
                  }}
                />
              </div>
            </li>
          );
        })}
      </ol>
      <p className="flex flex-wrap justify-between gap-x-4 text-xs text-soft tabular-nums">
        <span>{moment(new Date(first).toISOString(), code)}</span>
        <span className="flex items-center gap-1.5">
          <i className="size-2.5 rounded-full bg-low opacity-35" /> {words.legendWaiting}
          <i className="ml-2 size-2.5 rounded-full bg-accent" /> {words.legendWorking}
        </span>
        <span>{moment(new Date(last).toISOString(), code)}</span>
      </p>
    </div>
  );
}
