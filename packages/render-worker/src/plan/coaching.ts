import type { Coaching } from "@sideline/contracts";
import type { ClipPiece } from "./clip-time.ts";

/** When a remark is heard and read, in seconds of the made video. */
export interface SpokenRemark {
  feedbackId: number;
  from: number;
  /** Where the last word ends; the same as `from` for a remark that only is read. */
  spokenTo: number;
  readTo: number;
}

export interface CoachedClip {
  seconds: number;
  pieces: ClipPiece[];
  remarks: SpokenRemark[];
}

/** Seconds of quiet after the last word, before anything else begins. */
const rest = 0.4;
/** A remark without sound stays as long as it takes to read. */
const readingSeconds = (words: string) => Math.min(8, Math.max(2, words.length / 15));

/**
 * When each remark is spoken. Where one is still being spoken, the next one waits for its end.
 * @param spoken seconds that each remark's sound lasts, by its feedback
 */
export function planCoaching(
  coaching: Pick<Coaching, "mode" | "captions" | "remarks">,
  clipSeconds: number,
  spoken: ReadonlyMap<number, number>,
): CoachedClip {
  const remarks = [...coaching.remarks]
    .sort((a, b) => a.start_seconds - b.start_seconds || a.feedback_id - b.feedback_id)
    .map((remark) => {
      const voice = spoken.get(remark.feedback_id) ?? 0;
      const shown = coaching.captions && remark.message !== "";
      const silent = shown ? readingSeconds(remark.message) : 0;
      return {
        feedbackId: remark.feedback_id,
        start: Math.min(remark.start_seconds, clipSeconds),
        end: Math.min(remark.end_seconds, clipSeconds),
        voice,
        length: voice > 0 ? voice + rest : silent,
      };
    })
    .filter(({ length }) => length > 0);
  return coaching.mode === "freeze" ? freeze(remarks, clipSeconds) : duck(remarks, clipSeconds);
}

interface Waiting {
  feedbackId: number;
  start: number;
  end: number;
  voice: number;
  length: number;
}

function freeze(waiting: readonly Waiting[], clipSeconds: number): CoachedClip {
  const pieces: ClipPiece[] = [];
  const remarks: SpokenRemark[] = [];
  let now = 0;
  let source = 0;
  const play = (until: number) => {
    if (until <= source) return;
    pieces.push({ from: now, to: now + until - source, source, holds: false });
    now += until - source;
    source = until;
  };
  for (const { feedbackId, start, voice, length } of waiting) {
    play(start);
    pieces.push({ from: now, to: now + length, source, holds: true });
    remarks.push({ feedbackId, from: now, spokenTo: now + voice, readTo: now + length });
    now += length;
  }
  play(clipSeconds);
  return { seconds: now, pieces, remarks };
}

function duck(waiting: readonly Waiting[], clipSeconds: number): CoachedClip {
  const remarks: SpokenRemark[] = [];
  let free = 0;
  for (const { feedbackId, start, end, voice, length } of waiting) {
    const from = Math.max(start, free);
    free = from + length;
    remarks.push({ feedbackId, from, spokenTo: from + voice, readTo: Math.max(free, end) });
  }
  // A caption leaves when the next one comes.
  remarks.forEach((remark, index) => {
    remark.readTo = Math.min(remark.readTo, remarks[index + 1]?.from ?? Number.POSITIVE_INFINITY);
  });
  const pieces: ClipPiece[] = [{ from: 0, to: clipSeconds, source: 0, holds: false }];
  if (free > clipSeconds) {
    pieces.push({ from: clipSeconds, to: free, source: clipSeconds, holds: true });
  }
  return { seconds: Math.max(clipSeconds, free), pieces, remarks };
}
