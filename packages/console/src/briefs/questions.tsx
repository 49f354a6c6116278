import { useSideline } from "@sideline/client/react";
import type { BriefHole, HoleValue, Session } from "@sideline/contracts";
import { Pencil, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../parts/button.tsx";
import { AnswerControl } from "./answer-control.tsx";
import { partHeading, sheet } from "./looks.ts";
import { Refusal } from "./refusal.tsx";
import { sayValue } from "./say-change.ts";
import { useCall } from "./use-call.ts";
import { useBriefWords } from "./words.ts";

interface Props {
  session: Session;
  goOnFrom(session: Session): void;
  refresh(): void;
}

/** The holes of a brief: what is open is asked, what was answered can be answered anew. */
export function Questions({ session, goOnFrom, refresh }: Props) {
  const words = useBriefWords();
  const { holes } = session.brief;
  if (holes.length === 0) return null;
  const isOpen = holes.some(({ answer }) => answer === null);
  return (
    <section aria-labelledby="questions" className={`${sheet} space-y-4`}>
      <div className="space-y-1">
        <h2 id="questions" className={partHeading}>
          {words.questions}
        </h2>
        {isOpen && <p className="text-sm text-soft">{words.questionsLead}</p>}
      </div>
      <ul className="divide-y divide-line">
        {holes.map((hole) => (
          <Question
            key={hole.id}
            hole={hole}
            session={session}
            goOnFrom={goOnFrom}
            refresh={refresh}
          />
        ))}
      </ul>
    </section>
  );
}

function Question({ hole, session, goOnFrom, refresh }: Props & { hole: BriefHole }) {
  const words = useBriefWords();
  const { sessions } = useSideline();
  const { isBusy, refusal, run } = useCall();
  const [isChanged, setChanged] = useState(false);
  const base = session.revision;
  const write = async (wanted: () => Promise<Session>) => {
    // Also where it was refused: somebody else may have been first.
    if (await run(async () => goOnFrom(await wanted()))) setChanged(false);
    else refresh();
  };
  const answer = (value: HoleValue) =>
    write(() =>
      sessions.saveResolution(session.id, {
        base,
        holeId: hole.id,
        // What is suggested is recorded as taken, not as thought of.
        ...(value === hole.default ? {} : { value }),
      }),
    );
  const drop = () =>
    write(() => {
      const holes = session.brief.holes.filter(({ id }) => id !== hole.id);
      return sessions.saveRevision(session.id, { base, brief: { ...session.brief, holes } });
    });
  const isAsked = hole.answer === null || isChanged;
  return (
    <li className="space-y-2.5 py-3.5 first:pt-0 last:pb-0">
      <div className="flex items-start gap-2">
        <p id={`hole-${hole.id}`} className="flex-1 pt-2 text-sm leading-snug">
          <span className={isAsked ? "font-medium" : "text-soft"}>{hole.question}</span>
          {isAsked && hole.required && hole.answer === null && (
            <span className="ml-2 text-xs font-medium text-medium">{words.required}</span>
          )}
          {!isAsked && hole.answer !== null && (
            <b className="mt-0.5 block text-base font-medium">
              {sayValue(hole.answer, hole.unit, words)}
            </b>
          )}
        </p>
        {hole.answer !== null && !isChanged && (
          <IconButton
            label={`${words.changeAnswer}: ${hole.question}`}
            onClick={() => setChanged(true)}
          >
            <Pencil className="size-4" aria-hidden="true" />
          </IconButton>
        )}
        {hole.answer === null && (
          <IconButton
            label={`${words.dropQuestion}: ${hole.question}`}
            disabled={isBusy}
            onClick={() => void drop()}
          >
            <X className="size-4" aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {isAsked && (
        <div className="flex flex-wrap items-center gap-2">
          <AnswerControl
            hole={hole}
            labelledBy={`hole-${hole.id}`}
            isBusy={isBusy}
            answer={(value) => void answer(value)}
          />
          {isChanged && (
            <Button look="bare" onClick={() => setChanged(false)}>
              {words.cancel}
            </Button>
          )}
        </div>
      )}
      <Refusal code={refusal} />
    </li>
  );
}
