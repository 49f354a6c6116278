import { isSettled, type RecordingState } from "@sideline/client";
import { useWords } from "../words/use-words.ts";
import type { Playback } from "./playback.ts";
import { RemarkCard } from "./remark-card.tsx";

export function RemarkList({ state, playback }: { state: RecordingState; playback: Playback }) {
  const words = useWords();
  const { phase, feedback, job } = state;
  const rules = job?.brief?.rules;
  const isEmpty = feedback.length === 0;
  return (
    <section aria-labelledby="remarks" className="space-y-3">
      <h2 id="remarks" className="text-lg font-semibold tracking-tight">
        {words.remarks}
        {!isEmpty && <span className="ml-2 font-normal text-soft">{feedback.length}</span>}
      </h2>
      {phase === "loading" && (
        <div aria-hidden="true" className="h-28 animate-breathe rounded-sheet bg-well" />
      )}
      {phase === "ready" && isEmpty && !isSettled(state) && (
        <p className="animate-breathe rounded-sheet border border-dashed border-line px-5 py-8 text-center text-soft">
          {words.analysing}
        </p>
      )}
      {isEmpty && job?.status === "completed" && <p className="text-soft">{words.nothing}</p>}
      <ol className="space-y-3">
        {feedback.map((remark) => (
          <RemarkCard
            key={remark.id}
            remark={remark}
            rule={rules?.find(({ id }) => id === remark.ruleId)?.look_for ?? null}
            playback={playback}
          />
        ))}
      </ol>
    </section>
  );
}
