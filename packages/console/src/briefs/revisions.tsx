import { useSideline } from "@sideline/client/react";
import type { Session, SessionRevision } from "@sideline/contracts";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { partHeading } from "./looks.ts";
import { Refusal } from "./refusal.tsx";
import { type SaidChange, sayChange } from "./say-change.ts";
import { useCall } from "./use-call.ts";
import { useBriefWords } from "./words.ts";

const step = 8;

interface Props {
  session: Session;
  /** The newest first. */
  revisions: SessionRevision[];
  goOnFrom(session: Session): void;
}

/** Every brief that there was, what changed and why, and the way back. */
export function Revisions({ session, revisions, goOnFrom }: Props) {
  const words = useBriefWords();
  const { sessions } = useSideline();
  const [limit, setLimit] = useState(step);
  const { isBusy, refusal, run } = useCall();
  const goBack = (revision: number) =>
    void run(async () =>
      goOnFrom(await sessions.revert(session.id, { base: session.revision, revision })),
    );
  return (
    <section aria-labelledby="history" className="space-y-4">
      <h2 id="history" className={partHeading}>
        {words.history}
      </h2>
      <Refusal code={refusal} />
      <ol className="space-y-6 border-l-2 border-line pl-5">
        {revisions.slice(0, limit).map((one) => (
          <Revision
            key={one.revision}
            one={one}
            isCurrent={one.revision === session.revision}
            isBusy={isBusy}
            goBack={() => goBack(one.revision)}
          />
        ))}
      </ol>
      {revisions.length > limit && (
        <Button onClick={() => setLimit(limit + 4 * step)}>{words.more}</Button>
      )}
    </section>
  );
}

interface RevisionProps {
  one: SessionRevision;
  isCurrent: boolean;
  isBusy: boolean;
  goBack(): void;
}

function Revision({ one, isCurrent, isBusy, goBack }: RevisionProps) {
  const words = useBriefWords();
  const changes = one.diff.map((change) => sayChange(change, words));
  const when = new Date(one.createdAt).toLocaleString(words.code, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return (
    <li className="relative space-y-2">
      <span
        aria-hidden="true"
        className={`absolute top-1.5 -left-[1.72rem] size-3 rounded-full border-2 border-desk ${isCurrent ? "bg-accent" : "bg-soft"}`}
      />
      <div className="flex flex-wrap items-baseline gap-x-2.5">
        <h3 className="text-sm font-medium">{words.revision(one.revision)}</h3>
        <span className="text-sm text-soft">
          {one.revertedTo === null ? words.causes[one.cause] : words.revertedTo(one.revertedTo)}
        </span>
        {isCurrent && <span className="text-xs font-medium text-accent">{words.current}</span>}
        <time dateTime={one.createdAt} className="ml-auto text-xs text-soft">
          {when}
        </time>
      </div>
      {one.note && <p className="text-sm italic">{one.note}</p>}
      {changes.length === 0 ? (
        one.cause !== "created" && <p className="text-sm text-soft">{words.nothingChanged}</p>
      ) : (
        <Changes changes={changes} />
      )}
      {!isCurrent && (
        <Button look="bare" className="-ml-3.5" disabled={isBusy} onClick={goBack}>
          {words.goBack(one.revision)}
        </Button>
      )}
    </li>
  );
}

function Changes({ changes }: { changes: SaidChange[] }) {
  return (
    <ul className="space-y-1.5 text-sm leading-snug">
      {changes.map(({ path, label, before, after }) => (
        <li key={path} className="wrap-anywhere">
          <span className="text-soft">{label.endsWith("?") ? label : `${label}:`} </span>
          {before !== null && <del className="text-soft decoration-high">{before}</del>}
          {before !== null && after !== null && " "}
          {after !== null && (
            <ins className="rounded-sm bg-tint px-1 py-0.5 no-underline">{after}</ins>
          )}
        </li>
      ))}
    </ul>
  );
}
