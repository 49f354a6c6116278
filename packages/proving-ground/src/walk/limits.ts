/** What holds claims back in the model: the watermark of a queue, and what its provider allows. */
import {
  type Item,
  itemsOf,
  type Limit,
  type ModelState,
  providers,
  type Queue,
  type World,
} from "./model.ts";
import type { Stage } from "./transitions.ts";

const second = 1_000_000;

/** True where a claim finds the watermark a second old: it moves it, sweeps, and looks everywhere. */
export function moveMark({ queues, now }: ModelState, stage: Stage): boolean {
  const { served, mark } = queues[stage];
  if (mark.movedAt !== null && mark.movedAt > now - second && mark.movedAt <= now) return false;
  queues[stage].mark = { turn: mark.next, next: served, movedAt: now };
  return true;
}

/** What was found below the mark may have neighbours that committed as late. */
export function lowerMark({ mark }: Queue, found: readonly Item[]): void {
  const first = Math.min(...found.map(({ turn }) => turn ?? 0));
  if (first >= mark.turn) return;
  mark.turn = first;
  mark.next = Math.min(mark.next, first);
}

/** How many items may be claimed for the provider; null where nothing holds it back. */
export function roomOf(state: ModelState, stage: Stage): number | null {
  const { notBefore, openUntil } = limitOf(state, stage);
  if ((notBefore ?? 0) > state.now || (openUntil ?? 0) > state.now) return 0;
  return openUntil === null ? null : 1;
}

/** How many more leases the stage's cap allows. */
export function freeLeases(state: ModelState, stage: Stage, { settings }: World): number {
  const live = itemsOf(state, stage).filter(
    ({ place, availableAt }) => place === "processing" && (availableAt ?? 0) > state.now,
  );
  return Math.max((settings.maxConcurrency ?? Number.POSITIVE_INFINITY) - live.length, 0);
}

/** A claim got through a circuit that was open: it stays open for all others, for longer. */
export function noteProbe(state: ModelState, stage: Stage, { settings }: World): void {
  const limit = limitOf(state, stage);
  if (limit.openUntil === null) return;
  limit.probes += 1;
  const wait = Math.min(settings.longestOpenSeconds, settings.openSeconds * 2 ** limit.probes);
  limit.openUntil = state.now + wait * second;
}

/** The provider answered. */
export function noteAnswer(state: ModelState, stage: Stage): void {
  Object.assign(limitOf(state, stage), { failures: 0, probes: 0, openUntil: null });
}

/** The provider was not there. */
export function noteFailure(state: ModelState, stage: Stage, { settings }: World): void {
  const limit = limitOf(state, stage);
  limit.failures += 1;
  if (limit.openUntil !== null || limit.failures < settings.failureThreshold) return;
  limit.openUntil = state.now + settings.openSeconds * second;
}

/** The provider asked to wait. */
export function notePause(
  state: ModelState,
  stage: Stage,
  { settings }: World,
  seconds: number,
): void {
  const limit = limitOf(state, stage);
  const wait = Math.min(Math.max(seconds, 1), settings.longestPauseSeconds);
  limit.notBefore = Math.max(limit.notBefore ?? 0, state.now + wait * second);
}

function limitOf({ limits }: ModelState, stage: Stage): Limit {
  return limits[providers[stage]];
}
