/**
 * Long walks with several owners, recordings and workers in all stages at once: analyses bring
 * feedback, SSML brings audio, and everything may be deleted or changed in the midst of it.
 */
import { diceOf, pickWeighted } from "./dice.ts";
import { itemsOf, type ModelState, nextMoment, type World } from "./model.ts";
import { everyCall, isPossible, movesOf, type Repertoire, type Worker } from "./moves.ts";
import type { Operation, WorkerCall } from "./operations.ts";
import { shrink } from "./shrink.ts";
import { stages } from "./transitions.ts";
import { Disagreement, keepsRules, type Position, type Walker } from "./walker.ts";

export const crowd = ["ann", "bob", "cem", "dan"];
export const crowdedWorld: Omit<World, "random"> = {
  settings: {
    maxAttempts: 3,
    maxLosses: 2,
    leaseSeconds: 60,
    maxConcurrency: 4,
    maxConcurrencyPerUser: null,
    dailyAttempts: 30,
    maxRetries: 2,
    backoffBaseSeconds: 2,
    backoffCapSeconds: 5,
    maxDeferredSeconds: 60,
    failureThreshold: 3,
    openSeconds: 10,
    longestOpenSeconds: 40,
    longestPauseSeconds: 25,
  },
  findings: ["Hop.", "", "Hop."],
};

const workers = stages.flatMap((stage): Worker[] =>
  ["x", "y"].map((letter) => ({
    name: `${stage}-${letter}`,
    stage,
    batches: [1, 3],
    calls: everyCall,
  })),
);

const everything: Repertoire = {
  workers,
  retries: stages,
  faults: ["provider_rejected", "provider_unavailable", "internal_error"],
  deferrals: [
    { code: "provider_rate_limited", seconds: 0 },
    { code: "provider_rate_limited", seconds: 45 },
    { code: "provider_unavailable" },
    { code: "video_missing", seconds: 10, within: 15 },
  ],
  extendSeconds: [30, 90],
  intrusions: true,
  busy: true,
  uploads: true,
  rewording: true,
  deleting: true,
};

/** So that work gets done between all that hinders it; late calls come with a stale token. */
const weights: Record<Operation["does"] | "late call", number> = {
  claim: 14,
  complete: 14,
  fail: 3,
  defer: 3,
  "send back": 1.5,
  extend: 2,
  release: 2,
  "late call": 4,
  sweep: 2,
  wait: 7,
  record: 5,
  upload: 3,
  recognise: 3,
  retry: 4,
  reword: 2,
  delete: 0.4,
  "close account": 0.05,
};

const liveRecordings = 5;

/** @throws Disagreement */
export async function walkAtRandom(walker: Walker, seed: number, steps: number): Promise<Position> {
  const dice = diceOf(seed);
  let position = await toOrigin(walker);
  for (let index = 0; index < steps; index += 1) {
    position = await walker.step(position, chooseMove(dice, position.state, index));
    if (index % 20 === 0) await keepsRules(walker, position);
  }
  await keepsRules(walker, position);
  return position;
}

/** From the beginning again; steps that have become impossible are left out. */
async function replay(
  walker: Walker,
  operations: readonly Operation[],
): Promise<Disagreement | null> {
  let position = await toOrigin(walker);
  try {
    for (const operation of operations) {
      if (!isPossible(position.state, operation)) continue;
      position = await walker.step(position, operation);
    }
    await keepsRules(walker, position);
    return null;
  } catch (error) {
    if (error instanceof Disagreement) return error;
    throw error;
  }
}

/** The same disagreement, or one like it, with no step too many. */
export async function shortestWay(walker: Walker, found: Disagreement): Promise<Disagreement> {
  const again = async (way: readonly Operation[]) => (await replay(walker, way))?.way ?? null;
  return (await replay(walker, await shrink(found.way, again))) ?? found;
}

async function toOrigin({ session, start }: Walker): Promise<Position> {
  await session.startAgain();
  return start;
}

/** First what kind of operation, then which one. */
function chooseMove(dice: () => number, state: ModelState, index: number): Operation {
  const tokens = new Map(itemsOf(state).map(({ name, task }) => [name, task?.token]));
  const isLate = ({ worker, item }: WorkerCall) =>
    tokens.get(item) !== state.held[`${worker} ${item}`];
  const kinds = Map.groupBy(movesInCrowd(state, index), (move) =>
    "item" in move && "worker" in move && isLate(move) ? "late call" : move.does,
  );
  const kind = pickWeighted(dice, [...kinds.keys()], (each) => weights[each]);
  const move = pickWeighted(dice, kinds.get(kind) ?? [], () => 1);
  return move;
}

function movesInCrowd(state: ModelState, index: number): Operation[] {
  const open = crowd.filter((owner) => !state.closedAccounts.includes(owner));
  const moves = movesOf(state, everything);
  if (state.recordings.length < liveRecordings) {
    moves.push(
      ...open.map((owner) => ({ does: "record", recording: `r${index}`, owner }) as const),
    );
  }
  if (open.length > 2) {
    moves.push(...open.map((owner) => ({ does: "close account", owner }) as const));
  }
  if (nextMoment(state) !== null) moves.push({ does: "wait", seconds: 1 });
  return moves;
}
