import { useSideline } from "@sideline/client/react";
import { useCallback, useEffect, useState } from "react";
import { Link } from "wouter";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useWords } from "../words/use-words.ts";
import type { FailureFilter } from "./failure-filter.tsx";
import {
  type FailedItem,
  type FailureGroup,
  pageSize,
  readFailedItems,
  retryItem,
} from "./reads.ts";
import { moment } from "./units.ts";
import { useAction } from "./use-action.ts";
import { useOperatorWords } from "./words.ts";

interface Props {
  group: FailureGroup;
  filter: FailureFilter;
  refresh(): Promise<void>;
}

/** The items that failed with one error, page by page. */
export function FailedItems({ group, filter, refresh }: Props) {
  const words = useOperatorWords();
  const { code } = useWords();
  const { supabase } = useSideline();
  const { isBusy, refusal, run } = useAction();
  const [items, setItems] = useState<FailedItem[]>([]);
  const [hasMore, setMore] = useState(false);
  const { stage, error_code, items: total, newest_at } = group;
  const load = useCallback(
    async (after?: FailedItem) => {
      const page = await readFailedItems(supabase, { stage, error_code }, filter, after);
      setItems((before) => (after ? [...before, ...page] : page));
      setMore(page.length === pageSize);
    },
    [supabase, stage, error_code, filter],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew when the group has changed.
  useEffect(() => {
    run(() => load());
  }, [load, total, newest_at]);
  const retry = (id: number) =>
    run(async () => {
      await retryItem(supabase, stage, id);
      setItems((before) => before.filter((item) => item.id !== id));
      await refresh();
    });
  return (
    <div className="space-y-2 pl-6">
      {refusal && <Notice>{refusal}</Notice>}
      <ul className="divide-y divide-line">
        {items.map((item) => (
          <li key={item.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm">
            <Link
              href={`/operator/${stage}/${item.id}`}
              className="rounded-part py-1 font-medium text-accent hover:underline"
            >
              {words.item(stage, item.id)}
            </Link>
            <span className="text-xs text-soft tabular-nums">
              {moment(item.failed_at, code)} · {words.attempts(item.attempts)}
            </span>
            <Button
              look="bare"
              className="ml-auto"
              disabled={isBusy}
              aria-label={`${words.retry}: ${words.item(stage, item.id)}`}
              onClick={() => retry(item.id)}
            >
              {words.retry}
            </Button>
            {item.last_error && (
              <p className="w-full text-xs text-soft [overflow-wrap:anywhere]">{item.last_error}</p>
            )}
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button disabled={isBusy} onClick={() => run(() => load(items.at(-1)))}>
          {words.more}
        </Button>
      )}
    </div>
  );
}
