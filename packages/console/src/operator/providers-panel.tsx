import { useWords } from "../words/use-words.ts";
import { Empty, Panel, Rows } from "./panel.tsx";
import type { ProviderHealth } from "./reads.ts";
import { moment } from "./units.ts";
import { useOperatorWords } from "./words.ts";

const colours = { closed: "text-accent", open: "text-high", probing: "text-medium" };

export function ProvidersPanel({ providers }: { providers: ProviderHealth[] }) {
  const words = useOperatorWords();
  const { code } = useWords();
  return (
    <Panel id="providers" title={words.providers}>
      {providers.length === 0 && <Empty>{words.noProviders}</Empty>}
      {providers.length > 0 && (
        <Rows>
          {providers.map((one) => {
            const { circuit, open_until: openUntil, paused_until: pausedUntil } = one;
            const owners = Math.max(one.failing_owners, one.refused_owners);
            return (
              <li key={`${one.provider} ${one.model}`} className="space-y-0.5 px-4 py-3 text-sm">
                <p className="flex flex-wrap items-baseline gap-x-3">
                  <span className="font-medium">{one.provider}</span>
                  <span className="text-soft">{one.model}</span>
                  <span className={`ml-auto text-xs font-medium ${colours[circuit]}`}>
                    {words.circuit[circuit]}
                    {circuit === "open" && openUntil && ` ${words.until(moment(openUntil, code))}`}
                  </span>
                </p>
                <p className="flex flex-wrap gap-x-3 text-xs text-soft">
                  <span>{one.stages.join(", ") || "–"}</span>
                  <span>
                    {one.requests_per_minute === null
                      ? words.noLimit
                      : words.tokens(one.tokens ?? 0, one.requests_per_minute)}
                  </span>
                  {pausedUntil && (
                    <span className="text-medium">{words.asksMuch(moment(pausedUntil, code))}</span>
                  )}
                  {owners > 0 && <span>{words.affected(owners)}</span>}
                </p>
              </li>
            );
          })}
        </Rows>
      )}
    </Panel>
  );
}
