import { stageStatus } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import type { Session, SessionDraft } from "@sideline/contracts";
import { span } from "../operator/units.ts";
import { Button } from "../parts/button.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { partHeading } from "./looks.ts";
import { Refusal } from "./refusal.tsx";
import { money, useDraftProblem, validationOf } from "./say-draft.ts";
import { useCall } from "./use-call.ts";
import { useBriefWords } from "./words.ts";

interface Props {
  session: Session;
  drafts: SessionDraft[];
  goOnFrom(session: Session): void;
}

/** What models drafted, what it cost, and what it was worth. */
export function Drafts({ session, drafts, goOnFrom }: Props) {
  const words = useBriefWords();
  return (
    <section aria-labelledby="drafts" className="space-y-4">
      <h2 id="drafts" className={partHeading}>
        {words.drafts}
      </h2>
      {drafts.length === 0 && <p className="text-sm text-soft">{words.noDrafts}</p>}
      <ul className="space-y-3">
        {drafts.map((draft) => (
          <Draft key={draft.id} draft={draft} session={session} goOnFrom={goOnFrom} />
        ))}
      </ul>
    </section>
  );
}

function Draft({ draft, session, goOnFrom }: Omit<Props, "drafts"> & { draft: SessionDraft }) {
  const words = useBriefWords();
  const { sessions } = useSideline();
  const { isBusy, refusal, run } = useCall();
  const { brief, model, milliseconds, costMicros, inputTokens, outputTokens, faults } = draft;
  const problem = useDraftProblem(draft);
  const isBeside = draft.outcome === "superseded" && brief !== null;
  const take = () =>
    void run(async () => {
      if (!brief) return;
      goOnFrom(await sessions.saveRevision(session.id, { base: session.revision, brief }));
    });
  const facts: [string, string][] = [
    [words.model, model ?? "–"],
    [words.time, milliseconds > 0 ? span(milliseconds, words.code) : "–"],
    [words.cost, money(costMicros, words.code)],
    [words.tokens, (inputTokens + outputTokens).toLocaleString(words.code)],
  ];
  return (
    <li className="space-y-3 rounded-sheet border border-line bg-sheet p-4 text-sm shadow-sheet">
      <div className="flex items-start justify-between gap-3">
        <p className="line-clamp-3">{draft.request}</p>
        <span className="shrink-0 pt-0.5">
          <StatusBadge status={stageStatus(draft.status, draft.errorCode)} />
        </span>
      </div>
      {problem && <p className="text-high">{problem}</p>}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-soft">{name}</dt>
            <dd className="font-medium wrap-anywhere">{value}</dd>
          </div>
        ))}
        <div className="col-span-2">
          <dt className="text-xs text-soft">{words.firstReply}</dt>
          <dd className="font-medium">{validationOf(draft, words)}</dd>
        </div>
      </dl>
      {faults.length > 0 && (
        <details>
          <summary className="w-fit rounded-part py-1 text-soft hover:text-ink">
            {words.faults}
          </summary>
          <ul className="list-disc space-y-1 pl-5 text-soft">
            {faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </details>
      )}
      {isBeside && (
        <Button disabled={isBusy} onClick={take}>
          {words.take}
        </Button>
      )}
      <Refusal code={refusal} />
    </li>
  );
}
