/** When a mark of the markup was spoken. */
export interface TimePoint {
  name: string;
  seconds: number;
}

/**
 * Captions as a WebVTT file. Where the speech provider told no time for a caption, it is placed
 * between its neighbours by the length of what is said; the last one ends with the audio.
 */
export function webVtt(
  captions: readonly string[],
  times: readonly TimePoint[],
  durationMs: number,
): string {
  const starts = startsOf(captions, times, durationMs / 1000);
  const cues = captions.map((caption, at) => {
    const end = starts[at + 1] ?? durationMs / 1000;
    return `${at + 1}\n${clock(starts[at] ?? 0)} --> ${clock(end)}\n${escaped(caption)}\n`;
  });
  return `WEBVTT\n\n${cues.join("\n")}`;
}

function startsOf(
  captions: readonly string[],
  times: readonly TimePoint[],
  duration: number,
): number[] {
  const told = new Map(times.map(({ name, seconds }) => [name, seconds]));
  const lengths = captions.map((caption) => Math.max(1, [...caption].length));
  const starts: number[] = [];
  let known = { at: 0, seconds: 0 };
  for (let at = 0; at <= captions.length; at++) {
    const seconds = at === captions.length ? duration : told.get(`c${at}`);
    if (seconds === undefined) continue;
    // Nothing begins before what came before it, nor after the end.
    const next = { at, seconds: Math.min(Math.max(seconds, known.seconds), duration) };
    const all = sum(lengths.slice(known.at, at));
    for (let between = starts.length; between < at; between++) {
      const share = all === 0 ? 0 : sum(lengths.slice(known.at, between)) / all;
      starts.push(known.seconds + share * (next.seconds - known.seconds));
    }
    if (at < captions.length) starts.push(next.seconds);
    known = next;
  }
  return starts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** `00:01:02.345` */
function clock(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const part = (value: number, digits: number): string => String(value).padStart(digits, "0");
  return `${part(Math.floor(milliseconds / 3_600_000), 2)}:${part(
    Math.floor(milliseconds / 60_000) % 60,
    2,
  )}:${part(Math.floor(milliseconds / 1000) % 60, 2)}.${part(milliseconds % 1000, 3)}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
