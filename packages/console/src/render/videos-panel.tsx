import { friendlyProblem, isSettled, type RecordingState, type Render } from "@sideline/client";
import { useRenders, useSideline } from "@sideline/client/react";
import { Clapperboard } from "lucide-react";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useProblemWords, useWords } from "../words/use-words.ts";
import { VideoCard } from "./video-card.tsx";

type Mode = NonNullable<Render["mode"]>;

/** The coached videos of a recording, and the way to another one. */
export function VideosPanel({
  recordingId,
  state,
}: {
  recordingId: number;
  state: RecordingState;
}) {
  const words = useWords().video;
  const problems = useProblemWords();
  const sideline = useSideline();
  const { renders, refresh } = useRenders(recordingId);
  const [mode, setMode] = useState<Mode>("freeze");
  const [captions, setCaptions] = useState(true);
  const [isAsking, setAsking] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const isReady = isSettled(state) && state.feedback.length > 0;
  if (!isReady && renders.length === 0) return null;

  function make(): void {
    setAsking(true);
    setRefused(null);
    sideline
      .renderRecording(recordingId, { mode, captions })
      .then(refresh, ({ code }) => setRefused(String(code)))
      .finally(() => setAsking(false));
  }
  return (
    <section aria-labelledby="videos" className="space-y-3 border-t border-line pt-5">
      <h2 id="videos" className="font-semibold">
        {words.heading}
      </h2>
      {isReady && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
          <select
            aria-label={words.mode}
            value={mode}
            onChange={({ target }) => setMode(target.value === "duck" ? "duck" : "freeze")}
            className="min-h-touch rounded-part border border-edge bg-sheet px-3"
          >
            <option value="freeze">{words.freeze}</option>
            <option value="duck">{words.duck}</option>
          </select>
          <label className="inline-flex min-h-touch items-center gap-2">
            <input
              type="checkbox"
              className="size-4.5 accent-accent"
              checked={captions}
              onChange={({ target }) => setCaptions(target.checked)}
            />
            {words.captions}
          </label>
          <Button look="main" onClick={make} disabled={isAsking}>
            <Clapperboard className="size-4" aria-hidden="true" />
            {words.make}
          </Button>
        </div>
      )}
      {refused && <Notice>{friendlyProblem(refused, problems).sentence}</Notice>}
      <ul className="space-y-3">
        {renders
          .filter(({ status }) => status !== "cancelled")
          .map((render) => (
            <VideoCard key={render.id} render={render} changed={refresh} />
          ))}
      </ul>
    </section>
  );
}
