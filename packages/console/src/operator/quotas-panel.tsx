import { useSideline } from "@sideline/client/react";
import { type FormEvent, useState } from "react";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { Empty, Panel, Rows } from "./panel.tsx";
import { ReadProblem } from "./read-problem.tsx";
import { findUser, type Quota, readQuotas, setQuota } from "./reads.ts";
import { useAction } from "./use-action.ts";
import { usePolled } from "./use-polled.ts";
import { useOperatorWords } from "./words.ts";

const readMs = 15_000;
const field = "min-h-touch rounded-part border border-edge bg-sheet px-3 text-sm";

/** Who used how much today, and what one may; another user is found by their address. */
export function QuotasPanel() {
  const words = useOperatorWords();
  const { supabase } = useSideline();
  const { isBusy, refusal, run } = useAction();
  const [wanted, setWanted] = useState("");
  const [found, setFound] = useState<Quota[] | null>(null);
  const polled = usePolled(readMs, readQuotas);
  const look = async () => setFound(wanted.trim() ? await findUser(supabase, wanted) : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run(look);
  };
  const refresh = async () => {
    await Promise.all([polled.refresh(), found && look()]);
  };
  const quotas = found ?? polled.data;
  return (
    <Panel id="quotas" title={words.quotas}>
      <form onSubmit={submit} className="flex gap-2">
        <input
          aria-label={words.findUser}
          placeholder={words.findUser}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
          className={`${field} min-w-0 flex-1 placeholder:text-soft`}
        />
        <Button type="submit" disabled={isBusy}>
          {words.find}
        </Button>
      </form>
      {refusal && <Notice>{refusal}</Notice>}
      <ReadProblem error={polled.error} />
      {quotas?.length === 0 && <Empty>{found ? words.noUser : words.noQuotas}</Empty>}
      {quotas && quotas.length > 0 && (
        <Rows>
          {quotas.map((quota) => (
            <QuotaRow key={`${quota.user_id} ${quota.stage}`} quota={quota} refresh={refresh} />
          ))}
        </Rows>
      )}
    </Panel>
  );
}

function QuotaRow({ quota, refresh }: { quota: Quota; refresh(): Promise<void> }) {
  const words = useOperatorWords();
  const { supabase } = useSideline();
  const { isBusy, refusal, run } = useAction();
  const [wanted, setWanted] = useState("");
  const user = quota.email ?? `${quota.user_id.slice(0, 8)} (${words.closedAccount})`;
  const save = (dailyAttempts: number | null) =>
    run(async () => {
      await setQuota(supabase, quota, dailyAttempts);
      setWanted("");
      await refresh();
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(Number(wanted));
  };
  return (
    <li className="space-y-2 px-4 py-3 text-sm">
      <p className="truncate font-medium">{user}</p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-soft">
        <span className="tabular-nums">
          {quota.stage}: {words.used(quota.used, String(quota.quota ?? words.anyNumber))}
          {quota.is_own && ` (${words.ownQuota})`}
        </span>
        {quota.email && (
          <form onSubmit={submit} className="ml-auto flex gap-1.5">
            <input
              type="number"
              min={0}
              max={1_000_000}
              required
              aria-label={words.setQuota(user, quota.stage)}
              value={wanted}
              onChange={({ target }) => setWanted(target.value)}
              className={`${field} w-20 text-ink`}
            />
            <Button type="submit" disabled={isBusy || wanted === ""}>
              {words.save}
            </Button>
            {quota.is_own && (
              <Button look="bare" disabled={isBusy} onClick={() => save(null)}>
                {words.takeBack}
              </Button>
            )}
          </form>
        )}
      </div>
      {refusal && <Notice>{refusal}</Notice>}
    </li>
  );
}
