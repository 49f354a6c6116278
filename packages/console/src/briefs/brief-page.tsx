import { type SessionState, useBriefSession } from "@sideline/client/react";
import type { Session } from "@sideline/contracts";
import { BackLink } from "../parts/back-link.tsx";
import { OfflineNotice } from "../parts/offline-notice.tsx";
import { useTitle } from "../parts/use-page.ts";
import { BriefFields } from "./brief-fields.tsx";
import { BriefHeader } from "./brief-header.tsx";
import { nameOf } from "./clean-brief.ts";
import { DraftBox } from "./draft-box.tsx";
import { Drafts } from "./drafts.tsx";
import { Questions } from "./questions.tsx";
import { Revisions } from "./revisions.tsx";
import { useBriefForm } from "./use-brief-form.ts";
import { useBriefWords } from "./words.ts";

export default function BriefPage({ sessionId }: { sessionId: number }) {
  const words = useBriefWords();
  const { refresh, ...state } = useBriefSession(sessionId);
  useTitle((state.session && nameOf(state.session)) ?? words.title);
  return (
    <div className="space-y-4 pt-2">
      <BackLink href="/briefs">{words.back}</BackLink>
      <OfflineNotice readError={state.readError} />
      {state.phase === "missing" && <p className="text-soft">{words.missing}</p>}
      {state.session && <Opened session={state.session} state={state} refresh={refresh} />}
    </div>
  );
}

interface Props {
  session: Session;
  state: SessionState;
  refresh(): void;
}

function Opened({ session, state, refresh }: Props) {
  const form = useBriefForm(session, refresh);
  return (
    <>
      <BriefHeader session={session} isDirty={form.isDirty} refresh={refresh} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)] lg:gap-10">
        <div className="space-y-6">
          <DraftBox session={session} drafts={state.drafts} refresh={refresh} />
          <Questions session={session} goOnFrom={form.goOnFrom} refresh={refresh} />
          <BriefFields sessionId={session.id} form={form} />
        </div>
        <div className="space-y-8">
          <Revisions session={session} revisions={state.revisions} goOnFrom={form.goOnFrom} />
          <Drafts session={session} drafts={state.drafts} goOnFrom={form.goOnFrom} />
        </div>
      </div>
    </>
  );
}
