import type { Activity } from "./activity.ts";
import type { Run } from "./runs.ts";
import { largest, mean } from "./statistics.ts";

/** Windows that a rise may lie behind the keyframe that caused it. */
const WINDOWS_BEHIND = 2;
/** Shorter groups begin and end beside anything. */
const LEAST_GROUP_SECONDS = 4;
/** What an encoder does at once behind a keyframe, whatever its shape. */
const LONGEST_START_SECONDS = 1.5;

/**
 * Whether a run of high levels is an encoder that refines a new picture, as it does behind a
 * keyframe and at the clip's start: it begins there, is highest at first, fades, and goes on
 * over one more keyframe at most.
 */
export function isEncoderSettling(
  run: Run,
  levels: readonly number[],
  step: number,
  keyframeTimes: readonly number[],
): boolean {
  const start = run.start * step;
  const end = (run.end - 1) * step;
  const isBehind = (time: number) => time - start < step && start - time <= WINDOWS_BEHIND * step;
  const isOver = (next: number | undefined) => next === undefined || next >= end;
  const isFromKeyframe = keyframeTimes.some(
    (time, index) => isBehind(time) && isOver(keyframeTimes[index + 2]),
  );
  if (!isBehind(0) && !isFromKeyframe) return false;
  const isStart = (run.end - run.start) * step <= LONGEST_START_SECONDS;
  if (isStart && startsLongGroup(keyframeTimes, (time) => Math.abs(time - start) <= step / 2))
    return true;
  const third = Math.ceil(levels.length / 3);
  const first = levels.slice(0, third);
  // The last window may hold what is left of a movement.
  const last = levels.length < 4 ? levels.slice(-1) : levels.slice(-third - 1, -1);
  const fall = mean(first) - mean(last);
  return largest(first) === largest(levels) && fall > Math.log(1.5);
}

function startsLongGroup(
  keyframeTimes: readonly number[],
  isWanted: (time: number) => boolean,
): boolean {
  return keyframeTimes.some((time, index) => {
    const next = keyframeTimes[index + 1] ?? Number.POSITIVE_INFINITY;
    return isWanted(time) && next - time >= LEAST_GROUP_SECONDS;
  });
}

/**
 * Whether a run lasts just as long as a group of pictures: from one keyframe, or out of the
 * encoder's warm-up, to the next. Movement
 * does not keep to the encoder's groups; a finer quantiser from one keyframe on does.
 */
export function isGroupOfPictures(
  run: Run,
  { step, isWarmUp }: Pick<Activity, "step" | "isWarmUp">,
  keyframeTimes: readonly number[],
): boolean {
  const isNear = (time: number, window: number) => Math.abs(time - window * step) <= step;
  return keyframeTimes.some((time, index) => {
    const next = keyframeTimes[index + 1];
    if (next === undefined || next - time < LEAST_GROUP_SECONDS) return false;
    const isFromStart = isNear(time, run.start) || (index === 0 && isWarmUp[run.start] === true);
    return isFromStart && isNear(next, run.end);
  });
}
