import { useEffect, useState } from "react";
import { useOperatorWords } from "./words.ts";

/** Which failures are shown, counted and retried; null: whatever. */
export interface FailureFilter {
  stage: string | null;
  /** Id or address. */
  owner: string | null;
  /** In the machine's message. */
  said: string | null;
  since: string | null;
}

export const everything: FailureFilter = { stage: null, owner: null, said: null, since: null };

const hours = [1, 24, 7 * 24];
/** Until somebody has stopped typing. */
const typingMs = 300;
const look = "min-h-touch rounded-part border border-edge bg-sheet px-3 text-sm";

interface Props {
  stages: string[];
  choose(change: Partial<FailureFilter>): void;
}

export function FailureFilterFields({ stages, choose }: Props) {
  const words = useOperatorWords();
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      <select
        aria-label={words.stage}
        className={look}
        onChange={({ target }) => choose({ stage: target.value || null })}
      >
        <option value="">{words.allStages}</option>
        {stages.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        aria-label={words.since}
        className={look}
        onChange={({ target }) => choose({ since: ago(Number(target.value)) })}
      >
        <option value="0">{words.anyTime}</option>
        {hours.map((count) => (
          <option key={count} value={count}>
            {words.lastHours(count)}
          </option>
        ))}
      </select>
      <Typed label={words.failedOwner} choose={(owner) => choose({ owner })} />
      <Typed label={words.failedMessage} choose={(said) => choose({ said })} />
    </div>
  );
}

function ago(count: number): string | null {
  return count === 0 ? null : new Date(Date.now() - count * 3_600_000).toISOString();
}

function Typed({ label, choose }: { label: string; choose(text: string | null): void }) {
  const [text, setText] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed alone counts.
  useEffect(() => {
    if (text === null) return;
    const timer = setTimeout(() => choose(text.trim() || null), typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      onChange={({ target }) => setText(target.value)}
      className={`${look} min-w-0 placeholder:text-soft`}
    />
  );
}
