import type { Feedback } from "@sideline/client";
import { type RefObject, useEffect } from "react";
import { type Playback, stepRate } from "./playback.ts";

export function toggleFullscreen(element: HTMLElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void element?.requestFullscreen().catch(() => {});
}

interface Steered {
  playback: Playback;
  feedback: Feedback[];
  frame: RefObject<HTMLElement | null>;
  showKeys(): void;
}

/** The keys of an editing desk. They leave alone what is typed, and what has a meaning of its own. */
export function useKeys({ playback, feedback, frame, showKeys }: Steered): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isChord(event) || isTaken(event)) return;
      const { seconds, rate } = playback.store.getState();
      const before = feedback.findLast(({ startSeconds }) => startSeconds < seconds - 0.5);
      const after = feedback.find(({ startSeconds }) => startSeconds > seconds + 0.05);
      const actions: Record<string, () => void> = {
        " ": playback.toggle,
        k: playback.pause,
        j: () => playback.seek(seconds - 5),
        l: () => playback.seek(seconds + 5),
        "[": () => playback.setRate(stepRate(rate, -1)),
        "]": () => playback.setRate(stepRate(rate, 1)),
        m: playback.toggleMute,
        f: () => toggleFullscreen(frame.current),
        p: () => before && playback.seek(before.startSeconds),
        n: () => after && playback.seek(after.startSeconds),
        "?": showKeys,
      };
      const action = actions[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      // Held down, J and L go on; what is switched is switched once.
      if (event.repeat && !/^[jl]$/i.test(event.key)) return;
      action();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [playback, feedback, frame, showKeys]);
}

/** Many keyboards write brackets with Alt, or with both Control and Alt. */
function isChord({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return metaKey || ((ctrlKey || altKey) && key !== "[" && key !== "]");
}

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("select, textarea, [contenteditable], input:not([type=range])")) return true;
  if (target.closest("dialog")) return true;
  return key === " " && target.matches("button, a, summary");
}
