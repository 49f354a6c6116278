import { stageStatus, waitOf } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import type { Session, SessionDraft } from "@sideline/contracts";
import { Sparkles } from "lucide-react";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { useWords } from "../words/use-words.ts";
import { area, partHeading, sheet } from "./looks.ts";
import { Refusal } from "./refusal.tsx";
import { useDraftProblem } from "./say-draft.ts";
import { useCall } from "./use-call.ts";
import { useBriefWords } from "./words.ts";

interface Props {
  session: Session;
  /** The newest first. */
  drafts: SessionDraft[];
  refresh(): void;
}

/** Asks a model for the brief, in a plain sentence, and says how far it is. */
export function DraftBox({ session, drafts, refresh }: Props) {
  const words = useBriefWords();
  const { sessions, retryDraft } = useSideline();
  const [latest] = drafts;
  const [request, setRequest] = useState(latest ? "" : session.request);
  const { isBusy, refusal, run } = useCall();
  const ask = async () => {
    const isAsked = await run(async () => {
      await sessions.saveDraft(session.id, request);
      refresh();
    });
    if (isAsked) setRequest("");
  };
  const retry = (draftId: number) =>
    run(async () => {
      await retryDraft(draftId);
      refresh();
    });
  return (
    <section aria-labelledby="draft" className={`${sheet} space-y-3`}>
      <h2 id="draft" className={partHeading}>
        {words.inYourWords}
      </h2>
      {latest && (
        <DraftProgress draft={latest} isBusy={isBusy} retry={() => void retry(latest.id)} />
      )}
      <form
        className="flex flex-col gap-2 sm:flex-row sm:items-end"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <textarea
          aria-label={words.changeHint}
          placeholder={words.changeHint}
          rows={1}
          maxLength={4000}
          value={request}
          onChange={({ target }) => setRequest(target.value)}
          className={area}
        />
        <Button
          look="main"
          type="submit"
          className="min-h-touch shrink-0"
          disabled={isBusy || request.trim() === ""}
        >
          <Sparkles className="size-4" aria-hidden="true" />
          {words.draft}
        </Button>
      </form>
      <Refusal code={refusal} />
    </section>
  );
}

interface ProgressProps {
  draft: SessionDraft;
  isBusy: boolean;
  retry(): void;
}

function DraftProgress({ draft, isBusy, retry }: ProgressProps) {
  const words = useBriefWords();
  const common = useWords();
  const status = stageStatus(draft.status, draft.errorCode);
  const problem = useDraftProblem(draft);
  if (status === "failed") {
    return (
      <Notice
        actions={
          <Button disabled={isBusy} onClick={retry}>
            {words.retry}
          </Button>
        }
      >
        {problem}
      </Notice>
    );
  }
  const wait = waitOf({ status, errorCode: draft.errorCode, updatedAt: draft.updatedAt });
  const at = (wait?.until ?? wait?.since)?.toLocaleTimeString(words.code, { timeStyle: "short" });
  const said =
    status === "completed"
      ? draft.appliedRevision === null
        ? words.superseded
        : words.applied(draft.appliedRevision)
      : words.drafting[status];
  return (
    <div className="space-y-1.5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm" aria-live="polite">
        <StatusBadge status={status} />
        {said}
        {at && (
          <span className="text-soft">
            {wait?.until ? common.waitingUntil(at) : common.waitingSince(at)}
          </span>
        )}
      </p>
      {problem && <p className="text-sm text-soft">{problem}</p>}
      <p className="border-l-2 border-line pl-3 text-sm text-soft italic">{draft.request}</p>
    </div>
  );
}
