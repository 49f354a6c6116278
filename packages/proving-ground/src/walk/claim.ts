/** What a claim takes in the model, and the sweep that goes with it. */
import { day, fire, type Step, taskOf, transitionFor } from "./fire.ts";
import { lowerMark, moveMark, noteProbe, roomOf } from "./limits.ts";
import {
  type Item,
  inClaimOrder,
  inOrderOfTime,
  itemsOf,
  type ModelState,
  ownerOf,
  providers,
} from "./model.ts";
import type { Operation } from "./operations.ts";
import type { Stage } from "./transitions.ts";

const tenMinutes = 600_000_000;
/** Items that one worker is given at once, as the stages are delivered. */
const batchSizes: Record<Stage, number> = { analysis: 2, ssml: 8, audio: 8 };

/** How much a claim may take, and how it looks. */
interface Budget {
  stage: Stage;
  items: number;
  perUser: number;
  withinCaps: boolean;
  /** The owner who probed last. */
  avoid: string | null;
  fromTurn: number;
}

/** A claim sweeps where it finds too little, and the first one in a second does so at once. */
export function claim(step: Step, operation: Operation & { does: "claim" }): string {
  const { state } = step;
  const { stage, worker, batch, busy = false } = operation;
  const room = roomOf(state, stage);
  const budget = budgetOf(step, stage, Math.min(batch, room ?? batch));
  const suspects = suspectsOf(state, stage);
  if (budget.items < 1) return "";
  const { seen, kept } = lookAround(step, budget);
  if (kept.length === 0) return "";
  const queue = state.queues[stage];
  if (budget.fromTurn === 0) lowerMark(queue, Math.min(...seen.values()));
  queue.served = Math.max(queue.served, ...seen.values());
  const { items, isApart } = apart(state, { seen: [...seen.keys()], kept, suspects, busy });
  const picked = items.sort((one, other) => one.serial - other.serial);
  for (const item of picked) {
    fire(step, item, "claim");
    state.held[`${worker} ${item.name}`] = taskOf(item).token ?? 0;
    if (step.world.settings.dailyAttempts !== null) count(state.usage, usageKey(state, item));
    const limit = state.limits[providers[stage]];
    if (limit.openUntil !== null) noteProbe(limit, item, ownerOf(state, item));
  }
  return picked
    .map((item) => {
      const { losses, availableAt } = taskOf(item);
      return `${item.name} #${item.attempts}${losses > 1 || isApart ? " alone" : ""} until ${availableAt}`;
    })
    .join(", ");
}

function budgetOf({ state, world }: Step, stage: Stage, wanted: number): Budget {
  const { maxConcurrency, maxConcurrencyPerUser } = world.settings;
  const perUser = maxConcurrencyPerUser ?? Math.floor((maxConcurrency + 1) / 2);
  const live = liveByOwner(state, stage);
  const leases = [...live.values()].reduce((sum, count) => sum + count, 0);
  const items = Math.min(wanted, maxConcurrency - leases);
  const capped = Math.max(0, ...live.values()) + items > perUser;
  const limit = state.limits[providers[stage]];
  return {
    stage,
    items,
    perUser,
    withinCaps: capped || limit.openUntil !== null,
    avoid: limit.openUntil === null ? null : limit.probeOwner,
    fromTurn: state.queues[stage].mark.turn,
  };
}

/** What a claim saw, with the turns that it had, in claim order; and what of it no quota forbids. */
interface Sight {
  seen: Map<Item, number>;
  kept: Item[];
}

/** Sweeps where it has to, parks what is beyond a quota, and looks again. */
function lookAround(step: Step, budget: Budget): Sight {
  const { stage } = budget;
  let sweeps = moveMark(step.state, stage);
  if (sweeps) {
    budget.fromTurn = 0;
    sweep(step, stage);
  }
  let sight: Sight = { seen: new Map(), kept: [] };
  for (let round = 1; round <= 4; round += 1) {
    const items = look(step, budget);
    sight = { seen: new Map(items.map((item) => [item, taskOf(item).turn ?? 0])), kept: items };
    if (items.length < budget.items && !sweeps) {
      sweep(step, stage);
      sweeps = true;
      budget.fromTurn = 0;
    } else {
      sight.kept = withinQuota(step, items);
      if (items.length === 0 || sight.kept.length > 0) break;
    }
  }
  return sight;
}

function look({ state, world }: Step, budget: Budget): Item[] {
  const inLine = itemsOf(state, budget.stage)
    .filter((item) => transitionFor({ world, state }, item, "claim"))
    .sort(inClaimOrder);
  const above = inLine.filter((item) => (taskOf(item).turn ?? 0) >= budget.fromTurn);
  if (!budget.withinCaps) return above.slice(0, budget.items);
  const pick = (avoid: string | null) => {
    const isOther = (item: Item) => ownerOf(state, item) !== avoid;
    const first = withinCaps(state, above, budget).filter(isOther);
    return first.length > 0 ? first : withinCaps(state, inLine, budget).filter(isOther);
  };
  const others = pick(budget.avoid);
  return (others.length > 0 ? others : pick(null)).slice(0, budget.items);
}

function withinCaps(state: ModelState, inLine: readonly Item[], budget: Budget): Item[] {
  const taken = liveByOwner(state, budget.stage);
  return inLine.filter((item) => {
    const owner = ownerOf(state, item);
    taken.set(owner, (taken.get(owner) ?? 0) + 1);
    return (taken.get(owner) ?? 0) <= budget.perUser;
  });
}

interface Front {
  seen: readonly Item[];
  kept: readonly Item[];
  suspects: readonly string[];
  busy: boolean;
}

/**
 * What lost a worker is taken by itself, and where it lost two by a worker that is not busy; else
 * the items of one suspect, by a worker that is not busy; else those of all others.
 */
function apart(
  state: ModelState,
  { seen, kept, suspects, busy }: Front,
): { items: Item[]; isApart: boolean } {
  const [first] = seen;
  const losses = first ? taskOf(first).losses : 0;
  if (first && losses > 0) {
    const isLeft = (busy && losses > 1) || !kept.includes(first);
    return { items: isLeft ? [] : [first], isApart: false };
  }
  const owner = first ? ownerOf(state, first) : "";
  const isApart = suspects.includes(owner) && !busy;
  const items = kept.filter((item) => {
    const its = ownerOf(state, item);
    return taskOf(item).losses === 0 && (isApart ? its === owner : !suspects.includes(its));
  });
  return { items, isApart };
}

/** Where there are more owners than one worker is given items of, nobody is suspected. */
function suspect(state: ModelState, stage: Stage, owners: ReadonlySet<string>): void {
  if (owners.size === 0 || owners.size > batchSizes[stage]) return;
  state.queues[stage].suspects = {
    owners: [...new Set([...owners, ...suspectsOf(state, stage)])],
    until: state.now + tenMinutes,
  };
}

function suspectsOf({ queues, now }: ModelState, stage: Stage): string[] {
  const { owners, until } = queues[stage].suspects;
  return until > now ? owners : [];
}

/** What the owners of these items have ready beyond today's quota waits for the next day. */
function withinQuota(step: Step, seen: readonly Item[]): Item[] {
  const { state, world } = step;
  const quota = world.settings.dailyAttempts;
  if (quota === null) return [...seen];
  for (const [owner, items] of Map.groupBy(seen, (item) => ownerOf(state, item))) {
    const [first] = items;
    const room = first ? Math.max(quota - (state.usage[usageKey(state, first)] ?? 0), 0) : 0;
    if (!first || items.length <= room) continue;
    const ready = itemsOf(state, first.stage)
      .filter((item) => ownerOf(state, item) === owner && item.task?.turn != null)
      .sort(inClaimOrder);
    for (const item of ready.slice(room)) fire(step, item, "park");
  }
  return seen.filter((item) => item.task?.parked === false);
}

function liveByOwner(state: ModelState, stage: Stage): Map<string, number> {
  const live = new Map<string, number>();
  for (const item of itemsOf(state, stage)) {
    const { task } = item;
    if (task?.token == null || task.turn !== null || task.availableAt <= state.now) continue;
    const owner = ownerOf(state, item);
    live.set(owner, (live.get(owner) ?? 0) + 1);
  }
  return live;
}

/** Where the claims of this item's owner are counted today. */
export function usageKey(state: ModelState, item: Item): string {
  return `${item.stage} ${ownerOf(state, item)} day ${Math.floor(state.now / day)}`;
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** Fails what workers vanished with too often, and answers how much; gives turns to what is due. */
export function sweep(step: Step, stage: Stage): number {
  const items = itemsOf(step.state, stage);
  const expired = items.filter(({ place }) => place === "processing");
  const due = items
    .filter(({ place, task }) => place === "queued" && task?.turn === null)
    .sort(inOrderOfTime);
  const lost = expired.filter(
    ({ task }) => task?.turn === null && task.availableAt <= step.state.now,
  );
  suspect(step.state, stage, new Set(lost.map((item) => ownerOf(step.state, item))));
  for (const { serial } of lost) step.state.queues[stage].lost[serial] = step.state.now;
  for (const item of [...expired, ...due]) fire(step, item, "sweep");
  return expired.filter(({ place }) => place === "failed").length;
}
