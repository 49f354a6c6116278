import type { Feedback } from "@sideline/client";
import { useStore } from "zustand";
import { clock } from "../parts/time.ts";
import { useWords } from "../words/use-words.ts";
import type { Playback } from "./playback.ts";
import { severityFill } from "./severity.ts";

interface Props {
  feedback: Feedback[];
  duration: number;
  playback: Playback;
}

/** The clip as a bar: drag to seek; each remark is a head at its beginning with a tail to its end. */
export function RemarkBar({ feedback, duration, playback }: Props) {
  const words = useWords();
  const seconds = useStore(playback.store, (state) => state.seconds);
  const share = (at: number) => `${duration > 0 ? Math.min(100, (at / duration) * 100) : 0}%`;
  return (
    <div className="space-y-1">
      <div className="relative h-7">
        {feedback.map((remark) => (
          <button
            type="button"
            key={remark.id}
            aria-label={`${clock(remark.startSeconds)}: ${remark.message}`}
            onClick={() => playback.seek(remark.startSeconds)}
            style={{
              left: share(remark.startSeconds),
              width: `max(1.5rem, ${share(remark.endSeconds - remark.startSeconds)})`,
            }}
            className="group absolute inset-y-0 flex items-center hover:z-10"
          >
            <span
              className={`h-2 w-full rounded-full opacity-35 transition group-hover:opacity-60 ${severityFill(remark.severity)}`}
            />
            <span
              className={`absolute left-0 size-3.5 rounded-full border-2 border-desk ${severityFill(remark.severity)}`}
            />
            <span className="pointer-events-none absolute bottom-full left-0 z-10 hidden w-60 rounded-part bg-ink px-3 py-2 text-left text-xs leading-snug text-desk group-hover:block group-focus-visible:block">
              <b className="block">
                {clock(remark.startSeconds)}–{clock(remark.endSeconds)}
              </b>
              {remark.message}
            </span>
          </button>
        ))}
      </div>
      <input
        type="range"
        aria-label={words.position}
        aria-valuetext={clock(seconds)}
        min={0}
        max={duration || 1}
        step={0.05}
        value={Math.min(seconds, duration || 1)}
        onChange={({ target }) => playback.seek(Number(target.value))}
        className="block h-5 w-full cursor-pointer accent-accent"
      />
    </div>
  );
}
