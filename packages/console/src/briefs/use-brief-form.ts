import type { ProblemCode } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import type { Brief, Session } from "@sideline/contracts";
import { useEffect, useState } from "react";
import { cleanBrief } from "./clean-brief.ts";
import { isSame, mergeBriefs } from "./merge-briefs.ts";
import { useCall } from "./use-call.ts";

export interface BriefForm {
  /** As it is typed. */
  brief: Brief;
  /** The revision that is typed into. */
  revision: number;
  isDirty: boolean;
  /** Somebody else has written a newer revision than the one that is typed into. */
  isStale: boolean;
  isBusy: boolean;
  refusal: ProblemCode | null;
  change(part: Partial<Brief>): void;
  discard(): void;
  save(): void;
  /** What was typed stays. */
  loadNewer(): void;
  /** Goes on from a revision that was written here. */
  goOnFrom(session: Session): void;
}

/** What is typed into a brief. Where nothing is, it follows the session. */
export function useBriefForm(session: Session, refresh: () => void): BriefForm {
  const { sessions } = useSideline();
  const [{ base, typed }, setState] = useState({ base: session, typed: session.brief });
  const { isBusy, refusal, run } = useCall();
  const cleaned = cleanBrief(typed);
  const isDirty = !isSame(cleaned, base.brief);
  const isNewer = session.revision > base.revision;
  useEffect(() => {
    if (isNewer && !isDirty) setState({ base: session, typed: session.brief });
  }, [session, isNewer, isDirty]);

  function goOnFrom(newer: Session): void {
    setState(({ base, typed }) => ({
      base: newer,
      typed: mergeBriefs(base.brief, typed, newer.brief),
    }));
    refresh();
  }
  return {
    brief: typed,
    revision: base.revision,
    isDirty,
    isStale: isDirty && (isNewer || refusal === "stale_revision"),
    isBusy,
    refusal,
    change: (part) => setState((now) => ({ ...now, typed: { ...now.typed, ...part } })),
    discard: () => setState({ base: session, typed: session.brief }),
    save: () =>
      void run(async () => {
        const saved = await sessions.saveRevision(session.id, {
          base: base.revision,
          brief: cleaned,
        });
        // What was typed since is not lost.
        setState(({ typed: now }) => ({
          base: saved,
          typed: isSame(now, typed) ? saved.brief : mergeBriefs(cleaned, now, saved.brief),
        }));
        refresh();
      }),
    loadNewer: () => void run(async () => goOnFrom(await sessions.get(session.id))),
    goOnFrom,
  };
}
