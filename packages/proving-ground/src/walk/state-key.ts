/**
 * When two states count as the same: everything that follows is alike from both, but for the hour,
 * the ids, and which of two equal workers is which. So a walk has to leave each state only once.
 */

import { day, lostLately } from "./fire.ts";
import {
  type Item,
  inClaimOrder,
  inOrderOfTime,
  itemsOf,
  type Limit,
  type ModelState,
  type World,
} from "./model.ts";
import { type Stage, stages } from "./transitions.ts";

const second = 1_000_000;

export function keyOf(state: ModelState, world: World): string {
  const recordings = state.recordings.map((recording) => [
    recording.name,
    recording.upload,
    itemKey(recording.job, state),
    recording.feedback.map(({ words, ssml, audio, ssmlSegments, audioSegments }) => [
      words === "",
      itemKey(ssml, state),
      itemKey(audio, state),
      ssmlSegments.length,
      audioSegments.length,
    ]),
  ]);
  return JSON.stringify([
    recordings,
    workersKey(state),
    state.closedAccounts,
    stages.map((stage) => queueKey(state, stage, world)),
    Object.values(state.limits).map((limit) => limitKey(limit, state)),
    usageOf(state),
    Object.entries(state.retries).sort(),
  ]);
}

/** What a worker holds: for each item the valid token, or a stale one. */
export function handOf(state: ModelState, worker: string): string {
  const valid = new Set(itemsOf(state).map(({ name, task }) => `${name} ${task?.token}`));
  return Object.entries(state.held)
    .filter(([key]) => key.startsWith(`${worker} `))
    .map(([key, token]) => {
      const name = key.slice(worker.length + 1);
      return `${name} ${valid.has(`${name} ${token}`) ? "valid" : "stale"}`;
    })
    .sort()
    .join(", ");
}

function workersKey(state: ModelState): string[] {
  const workers = new Set(Object.keys(state.held).map((key) => key.slice(0, key.indexOf(" "))));
  return [...workers].map((worker) => handOf(state, worker)).sort();
}

function itemKey(item: Item, { now, queues }: ModelState): unknown[] {
  const { stage, place, attempts, task, errorCode } = item;
  if (!task) return [place, attempts, errorCode];
  return [
    place,
    attempts,
    errorCode,
    task.turn === null ? timeUntil(task.availableAt, now) : null,
    task.turn === null ? null : task.turn - queues[stage].served,
    task.losses,
    task.deferrals,
    task.rounds,
    task.parked,
    task.deferredSeconds,
    task.refused,
  ];
}

/** Of today: nobody asks for that of other days. */
function usageOf({ usage, now }: ModelState): unknown[] {
  const today = ` day ${Math.floor(now / day)}`;
  return Object.entries(usage)
    .filter(([key, count]) => key.endsWith(today) && count > 0)
    .map(([key, count]) => [key.slice(0, -today.length), count])
    .sort();
}

/** Since when something is due matters only for the order: see queueKey. */
function timeUntil(moment: number | null, now: number): number | null {
  return moment === null ? null : Math.max(moment - now, 0);
}

/** A mark below every turn that there is, or can come, is as good as one at the lowest of them. */
function queueKey(state: ModelState, stage: Stage, world: World): unknown[] {
  const { served, mark, suspects } = state.queues[stage];
  const items = itemsOf(state, stage);
  const lowest = Math.min(served, ...items.map(({ task }) => task?.turn ?? served));
  const ageOf = (moment: number | null) =>
    moment === null ? second : Math.min(state.now - moment, second);
  const inLine = items.filter(({ task }) => task !== null && task.turn !== null).sort(inClaimOrder);
  const due = items
    .filter(({ place, task }) => place === "queued" && task?.turn === null)
    .filter(({ task }) => task !== null && task.availableAt <= state.now)
    .sort(inOrderOfTime);
  return [
    Math.max(mark.turn, lowest) - served,
    Math.max(mark.next, lowest) - served,
    ageOf(mark.movedAt),
    ageOf(mark.lookedAt),
    [...inLine, ...due].map(({ name }) => name),
    suspects.until > state.now ? [...suspects.owners].sort() : [],
    // What an item lost says something only of others.
    items.length > 1 ? lostLately(state, stage, world).map(([{ name }, age]) => [name, age]) : [],
  ];
}

function limitKey(limit: Limit, state: ModelState): unknown[] {
  const { now } = state;
  const pause = Math.max((limit.notBefore ?? 0) - now, 0);
  const refused = [...limit.refused].sort();
  const failing = [...limit.failing].sort();
  if (limit.openUntil === null) return [pause, refused, failing];
  const probing = itemsOf(state).find(
    ({ task }) => task?.token != null && task.token === limit.probeToken,
  );
  return [
    pause,
    refused,
    failing,
    timeUntil(limit.openUntil, now),
    // After a few of them the wait grows no more.
    Math.min(limit.probes, 2),
    limit.probeOwner,
    probing?.name,
    timeUntil(limit.probeUntil, now),
  ];
}
