/** What a claim takes in the model, and the sweep that goes with it. */
import { fire, type Step, transitionFor } from "./fire.ts";
import { freeLeases, lowerMark, moveMark, noteProbe, roomOf } from "./limits.ts";
import { type Item, inClaimOrder, inOrderOfTime, itemsOf } from "./model.ts";
import type { Operation } from "./operations.ts";
import type { Stage } from "./transitions.ts";

/** A claim sweeps where it finds too little, and the first one in a second does so at once. */
export function claim(step: Step, operation: Operation & { does: "claim" }): string {
  const { state, world } = step;
  const { stage, worker, batch } = operation;
  const room = roomOf(state, stage);
  const most = Math.min(batch, room ?? batch, freeLeases(state, stage, world));
  if (most < 1) return "";
  const sweeps = moveMark(state, stage);
  if (sweeps) sweep(step, stage);
  let picked = pick(step, stage, sweeps ? 0 : state.queues[stage].mark.turn).slice(0, most);
  if (picked.length < most && !sweeps) {
    sweep(step, stage);
    picked = pick(step, stage, 0).slice(0, most);
  }
  const queue = state.queues[stage];
  if (sweeps) lowerMark(queue, picked);
  queue.served = Math.max(queue.served, ...picked.map(({ turn }) => turn ?? 0));
  if (room !== null && picked.length > 0) noteProbe(state, stage, world);
  for (const item of picked) {
    fire(step, item, "claim");
    if (item.token !== null) state.held[`${worker} ${item.name}`] = item.token;
  }
  return picked
    .sort((one, other) => one.serial - other.serial)
    .map(({ name, attempts, availableAt }) => `${name} #${attempts} until ${availableAt}`)
    .join(", ");
}

function pick(step: Step, stage: Stage, fromTurn: number): Item[] {
  return itemsOf(step.state, stage)
    .filter((item) => transitionFor(step, item, "claim") && (item.turn ?? 0) >= fromTurn)
    .sort(inClaimOrder);
}

/** Fails what expired on its last attempt, and answers how much; gives turns to what is due. */
export function sweep(step: Step, stage: Stage): number {
  const items = itemsOf(step.state, stage);
  const expired = items.filter(({ place }) => place === "processing");
  const due = items
    .filter(({ place, turn }) => place === "queued" && turn === null)
    .sort(inOrderOfTime);
  for (const item of [...expired, ...due]) fire(step, item, "sweep");
  return expired.filter(({ place }) => place === "failed").length;
}
