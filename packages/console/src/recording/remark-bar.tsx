import type { Feedback } from "@sideline/client";
import { type CSSProperties, type KeyboardEvent, memo, useMemo, useState } from "react";
import { useStore } from "zustand";
import { clock } from "../parts/time.ts";
import { useWords } from "../words/use-words.ts";
import type { Playback } from "./playback.ts";
import { layOut, type Marker } from "./remark-lanes.ts";
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
  const length = duration || 1;
  const done = Math.min(seconds, length) / length;
  return (
    <div>
      <Markers feedback={feedback} duration={duration} playback={playback} />
      <input
        type="range"
        aria-label={words.position}
        aria-valuetext={clock(seconds)}
        min={0}
        max={length}
        step={0.05}
        value={Math.min(seconds, length)}
        onChange={({ target }) => playback.seek(Number(target.value))}
        style={{ "--done": done } as CSSProperties}
        className="seek -my-3 block h-touch w-full cursor-pointer rounded-part"
      />
    </div>
  );
}

/** Drawn once, not at each frame. One stop of the Tab key; arrows go from remark to remark. */
const Markers = memo(function Markers({ feedback, duration, playback }: Props) {
  const words = useWords();
  const { markers, count, isDense } = useMemo(
    () => layOut(feedback, duration),
    [feedback, duration],
  );
  const [current, setCurrent] = useState(0);
  if (markers.length === 0) return null;
  const stop = Math.min(current, markers.length - 1);
  return (
    <div
      role="toolbar"
      aria-label={words.remarks}
      onKeyDown={moveFocus}
      // As wide as what the middle of the thumb beneath passes over.
      className="relative mx-[9px]"
      style={{ height: `${Math.max(2.75, count * 1.25)}rem` }}
    >
      {markers.map((marker, at) => (
        <RemarkMarker
          key={marker.remark.id}
          marker={marker}
          lanes={count}
          isDense={isDense}
          isStop={at === stop}
          focused={() => setCurrent(at)}
          playback={playback}
        />
      ))}
    </div>
  );
});

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const all = [...event.currentTarget.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[next]?.focus();
}

interface MarkerProps {
  marker: Marker;
  lanes: number;
  isDense: boolean;
  /** Whether the Tab key stops here. */
  isStop: boolean;
  focused(): void;
  playback: Playback;
}

function RemarkMarker({ marker, lanes, isDense, isStop, focused, playback }: MarkerProps) {
  const { remark, lane, start, end } = marker;
  const { startSeconds, endSeconds, message, severity } = remark;
  const least = isDense ? "6px" : "1.5rem";
  const fill = severityFill(severity);
  const side = start < 0.33 ? "left-0" : start > 0.66 ? "right-0" : "left-0 -translate-x-1/2";
  return (
    <button
      type="button"
      tabIndex={isStop ? 0 : -1}
      aria-label={`${clock(startSeconds)}: ${message}`}
      onClick={() => playback.seek(startSeconds)}
      onFocus={focused}
      style={{
        left: `min(${start * 100}%, 100% - ${least})`,
        width: `max(${least}, ${(end - start) * 100}%)`,
        top: `${(lane / lanes) * 100}%`,
        height: `${100 / lanes}%`,
      }}
      className="group absolute flex items-center rounded-part hover:z-10 focus-visible:z-10"
    >
      <span
        className={`h-2 w-full rounded-full opacity-35 transition group-hover:opacity-60 ${fill}`}
      />
      <span
        className={`absolute left-0 ${fill} ${isDense ? "h-3 w-[3px] rounded-full" : "-ml-[7px] size-3.5 rounded-full border-2 border-desk"}`}
      />
      <span
        className={`pointer-events-none absolute bottom-full z-10 hidden w-60 rounded-part bg-ink px-3 py-2 text-left text-xs leading-snug text-desk group-hover:block group-focus-visible:block ${side}`}
      >
        <b className="block">
          {clock(startSeconds)}–{clock(endSeconds)}
        </b>
        {message}
      </span>
    </button>
  );
}
