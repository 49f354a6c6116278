/** The longest list of cuts that is still believable; more of them mean another kind of stream. */
const MOST_CUTS_PER_MINUTE = 12;

/**
 * Times at which an encoder placed a keyframe before the next regular one was due, which it does
 * where the picture changes at once. A stream whose keyframes come at a fixed interval, or whose
 * every frame is one, says nothing about cuts: then the list is empty.
 *
 * `keyTimes` are the keyframes' times in seconds, ascending.
 */
export function findPossibleCuts(keyTimes: readonly number[], duration: number): number[] {
  const gaps = keyTimes.slice(1).map((time, index) => time - (keyTimes[index] ?? 0));
  if (gaps.length === 0) return [];
  const longest = Math.max(...gaps, duration - (keyTimes.at(-1) ?? 0));
  const shortest = Math.min(...gaps);
  if (shortest > 0.9 * longest) return [];
  const early = keyTimes.slice(1).filter((_, index) => (gaps[index] ?? 0) < 0.9 * longest);
  const most = Math.max(2, (duration / 60) * MOST_CUTS_PER_MINUTE);
  const isRegular = early.length > 2 && sameGaps(gaps);
  return early.length > most || isRegular ? [] : early;
}

/** Whether nearly all gaps are alike: a fixed interval with an odd one at the end. */
function sameGaps(gaps: readonly number[]): boolean {
  const sorted = [...gaps].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const alike = sorted.filter((gap) => Math.abs(gap - middle) <= 0.1 * middle);
  return alike.length >= 0.7 * gaps.length;
}
