/**
 * Every sequence of operations up to a length, compared with the database.
 *
 * The model plans first: breadth first from the given state, it finds each state that some sequence
 * leads to, and a shortest way there. The database then walks those ways depth first, going back by
 * savepoints, and tries every operation in every state once. Sequences that meet in a state go on
 * alike (`keyOf` says when two states are the same), so all of them are covered.
 */
import { apply } from "./apply.ts";
import type { ModelState, World } from "./model.ts";
import { movesOf, type Repertoire } from "./moves.ts";
import type { Operation } from "./operations.ts";
import { keyOf } from "./state-key.ts";
import { keepsRules, type Position, type Walker } from "./walker.ts";

export interface Plan {
  root: Place;
  states: number;
  steps: number;
  /** How many sequences of operations these steps stand for. */
  sequences: number;
  /** True where no longer sequence would reach another state. */
  isClosed: boolean;
  /** Rows of the table of transitions. */
  taken: ReadonlySet<string>;
}

interface Place {
  state: ModelState;
  moves: Move[];
}

interface Move {
  operation: Operation;
  /** The place it leads to, where this is the first way there. */
  opens: Place | null;
}

/** So long is no shortest way to a state. */
const longest = 200;

export function planWalk(
  world: World,
  start: ModelState,
  repertoire: Repertoire,
  depth: number | null,
): Plan {
  const root: Place = { state: start, moves: [] };
  const known = new Map([[keyOf(start, world), root]]);
  const taken = new Set<string>();
  let [steps, sequences] = [0, 0];
  // How many sequences of the present length end in each place.
  let ends = new Map([[root, 1]]);
  const expanded = new Map<Place, Place[]>();
  for (let length = 0; length < (depth ?? longest) && !isClosed(); length += 1) {
    const next = new Map<Place, number>();
    for (const [place, count] of ends) {
      const targets = expanded.get(place) ?? expand(place);
      sequences += count * targets.length;
      for (const target of targets) next.set(target, (next.get(target) ?? 0) + count);
    }
    ends = next;
  }
  return { root, states: known.size, steps, sequences, isClosed: isClosed(), taken };

  function isClosed(): boolean {
    return expanded.size === known.size;
  }

  function expand(place: Place): Place[] {
    const targets = movesOf(place.state, repertoire).map((operation) => {
      const outcome = apply(world, place.state, operation);
      for (const row of outcome.taken) taken.add(row);
      const key = keyOf(outcome.state, world);
      const met = known.get(key);
      const target = met ?? { state: outcome.state, moves: [] };
      if (!met) known.set(key, target);
      place.moves.push({ operation, opens: met ? null : target });
      steps += 1;
      return target;
    });
    expanded.set(place, targets);
    return targets;
  }
}

/**
 * @param start where the plan begins and the walker stands
 * @throws Disagreement
 */
export async function walkPlan(walker: Walker, plan: Plan, start: Position): Promise<void> {
  await walkFrom(plan.root, start, 0);

  async function walkFrom(place: Place, here: Position, depth: number): Promise<void> {
    const savepoint = `depth_${depth}`;
    await walker.session.run(`savepoint ${savepoint}`);
    for (const { operation, opens } of place.moves) {
      const there = await walker.step(here, operation, savepoint);
      if (!opens) continue;
      await keepsRules(walker, there);
      if (opens.moves.length > 0) await walkFrom(opens, there, depth + 1);
    }
  }
}
