import type { Run } from "./runs.ts";
import { largest, mean } from "./statistics.ts";

/** Windows that a rise may lie behind the keyframe that caused it. */
const WINDOWS_BEHIND = 2;
/** Shorter groups begin and end beside anything. */
const LEAST_GROUP_SECONDS = 4;

/**
 * Whether a run of high levels is an encoder that refines a new picture, as it does behind a
 * keyframe and at the clip's start: it begins there, is highest at first, and fades.
 */
export function isEncoderSettling(
  run: Run,
  levels: readonly number[],
  step: number,
  keyframeTimes: readonly number[],
): boolean {
  const start = run.start * step;
  const isBehind = (time: number) => time - start < step && start - time <= WINDOWS_BEHIND * step;
  if (!isBehind(0) && !keyframeTimes.some(isBehind)) return false;
  const third = Math.ceil(levels.length / 3);
  const first = levels.slice(0, third);
  const fall = mean(first) - mean(levels.slice(-third));
  return largest(first) === largest(levels) && fall > Math.log(1.5);
}

/**
 * Whether a run lasts just as long as a group of pictures: from one keyframe to the next. Movement
 * does not keep to the encoder's groups; a finer quantiser from one keyframe on does.
 */
export function isGroupOfPictures(
  run: Run,
  step: number,
  keyframeTimes: readonly number[],
): boolean {
  const isNear = (time: number, window: number) => Math.abs(time - window * step) <= step;
  return keyframeTimes.some((time, index) => {
    const next = keyframeTimes[index + 1];
    if (next === undefined || next - time < LEAST_GROUP_SECONDS) return false;
    return isNear(time, run.start) && isNear(next, run.end);
  });
}
