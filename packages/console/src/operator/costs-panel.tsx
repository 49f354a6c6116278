import { useWords } from "../words/use-words.ts";
import { Empty, Panel, Rows } from "./panel.tsx";
import { ReadProblem } from "./read-problem.tsx";
import { type DayCost, readCosts } from "./reads.ts";
import { usePolled } from "./use-polled.ts";
import { useOperatorWords } from "./words.ts";

const readMs = 60_000;

/** What the last 30 days have cost, by the ledger of paid calls. */
export function CostsPanel() {
  const words = useOperatorWords();
  const { code } = useWords();
  const { data, error } = usePolled(readMs, readCosts);
  const most = Math.max(1e-9, ...(data ?? []).map(({ cost }) => cost));
  return (
    <Panel id="costs" title={words.costs}>
      <ReadProblem error={error} />
      {data?.length === 0 && <Empty>{words.noCosts}</Empty>}
      {data && data.length > 0 && (
        <Rows>
          {data.map((day) => (
            <li key={`${day.day} ${day.currency}`} className="relative px-4 py-2.5 text-sm">
              <span
                aria-hidden="true"
                className="absolute inset-y-0 left-0 bg-tint"
                style={{ width: `${(day.cost / most) * 100}%` }}
              />
              <span className="relative flex flex-wrap items-baseline justify-between gap-x-3 tabular-nums">
                <span>
                  {new Date(`${day.day}T00:00Z`).toLocaleDateString(code, {
                    dateStyle: "medium",
                    timeZone: "UTC",
                  })}
                </span>
                <span className="text-xs text-soft">
                  {words.calls(day.calls, day.unpriced_calls)}
                </span>
                <span className="font-medium">
                  {!day.is_whole && "> "}
                  {price(day, code)}
                </span>
              </span>
            </li>
          ))}
        </Rows>
      )}
    </Panel>
  );
}

function price({ cost, currency }: DayCost, language: string): string {
  if (currency === null) return "–";
  return cost.toLocaleString(language, {
    style: "currency",
    currency,
    maximumFractionDigits: cost < 1 ? 4 : 2,
  });
}
