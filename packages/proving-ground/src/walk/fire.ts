/** Runs the table of transitions on the model: what its guards and effects mean. */
import { type Item, lastTurn, type ModelState, ownerOf, type World } from "./model.ts";
import {
  type Effect,
  type Event,
  type Guard,
  type Transition,
  transitions,
} from "./transitions.ts";

/** What an event brings along; which of it matters depends on the transition. */
export interface Details {
  retryable?: boolean;
  seconds?: number;
  code?: string;
  /** Whether the upload, the message or the SSML is there. */
  inputThere?: boolean;
}

/** A step under way: the state that it changes, and the rows that it took. */
export interface Step {
  world: World;
  state: ModelState;
  taken: Set<string>;
}

interface Occasion extends Details {
  world: World;
  state: ModelState;
}

const second = 1_000_000;

/** What is no change of the status leaves its time alone. */
const silent: ReadonlySet<Effect> = new Set(["prolong", "queue_up", "recover"]);

/** The transition that fits, if there is one. */
export function transitionFor(
  { world, state }: Pick<Step, "world" | "state">,
  item: Item,
  event: Event,
  details: Details = {},
): Transition | undefined {
  const fitting = transitions.filter(
    (row) =>
      row.event === event &&
      row.stages.includes(item.stage) &&
      row.from.includes(item.place) &&
      holds[row.when](item, { world, state, ...details }),
  );
  if (fitting.length > 1) throw new Error(`two transitions fit ${event} of ${item.name}`);
  return fitting[0];
}

/** Lets something happen to an item; false where the table has no row for it. */
export function fire(step: Step, item: Item, event: Event, details: Details = {}): boolean {
  const transition = transitionFor(step, item, event, details);
  if (!transition) return false;
  step.taken.add(placeInTable(transition, item));
  const occasion = { world: step.world, state: step.state, ...details };
  const turn = turnAfter[transition.effect]?.(item, occasion) ?? null;
  change[transition.effect](item, occasion);
  item.turn = turn;
  item.place = transition.to;
  if (!silent.has(transition.effect)) item.changedAt = step.state.now;
  if (item.place !== "processing") item.token = null;
  return true;
}

/** A row is taken apart for each stage, and for each place that it starts from. */
export function placeInTable(row: Transition, { stage, place }: Pick<Item, "stage" | "place">) {
  return `${stage}: ${row.event} of ${place}, ${row.when}`;
}

const isDue = ({ availableAt }: Item, { state }: Occasion) =>
  availableAt !== null && availableAt <= state.now;
const hasAttempt = ({ attempts }: Item, { world }: Occasion) =>
  attempts < world.settings.maxAttempts;
const grantedDelay = ({ seconds = 0 }: Details) => Math.max(seconds, 1);
const staysWithinBound = (item: Item, occasion: Occasion) =>
  item.deferredSeconds + grantedDelay(occasion) <= occasion.world.settings.maxDeferredSeconds;

const holds: Record<Guard, (item: Item, occasion: Occasion) => boolean> = {
  always: () => true,
  ready: (item, occasion) => isDue(item, occasion) && item.turn !== null,
  recovered: (item, occasion) => isDue(item, occasion) && item.turn !== null,
  due: (item, occasion) => isDue(item, occasion) && item.turn === null,
  recoverable: (item, occasion) =>
    isDue(item, occasion) && hasAttempt(item, occasion) && item.turn === null,
  exhausted: (item, occasion) => isDue(item, occasion) && !hasAttempt(item, occasion),
  retryable: (item, occasion) => occasion.retryable === true && hasAttempt(item, occasion),
  final: (item, occasion) => occasion.retryable !== true || !hasAttempt(item, occasion),
  within_bound: staysWithinBound,
  beyond_bound: (item, occasion) => !staysWithinBound(item, occasion),
  stale_input: ({ place, attempts, turn, errorCode }) =>
    place !== "queued" || attempts > 0 || turn === null || errorCode !== null,
  never_claimed: ({ attempts }) => attempts === 0,
  awaiting_input: ({ availableAt }) => availableAt === null,
};

const change: Record<Effect, (item: Item, occasion: Occasion) => void> = {
  begin: beginAnew,
  void_upload(item) {
    item.deferredSeconds = 0;
    item.errorCode = "upload_failed";
    item.availableAt = null;
  },
  lease(item, { state, world }) {
    item.attempts += 1;
    item.availableAt = state.now + world.settings.leaseSeconds * second;
    state.lastToken += 1;
    item.token = state.lastToken;
  },
  finish(item) {
    item.errorCode = null;
    item.availableAt = null;
  },
  back_off(item, { state, world, code = null }) {
    const { backoffBaseSeconds, backoffCapSeconds } = world.settings;
    const whole = Math.min(backoffCapSeconds, backoffBaseSeconds * 2 ** (item.attempts - 1));
    item.availableAt = state.now + Math.round(whole * (0.5 + world.random / 2) * second);
    item.errorCode = code;
  },
  give_up(item, occasion) {
    // A delay beyond the bound is counted all the same.
    item.deferredSeconds += occasion.seconds === undefined ? 0 : grantedDelay(occasion);
    item.availableAt = null;
    item.errorCode = occasion.code ?? null;
  },
  postpone(item, occasion) {
    item.deferredSeconds += grantedDelay(occasion);
    item.attempts -= 1;
    item.availableAt = occasion.state.now + grantedDelay(occasion) * second;
    item.errorCode = occasion.code ?? null;
  },
  prolong(item, { state, seconds = 0 }) {
    item.availableAt = state.now + seconds * second;
  },
  hand_back(item, { state }) {
    item.attempts -= 1;
    item.availableAt = state.now;
  },
  expire(item) {
    item.availableAt = null;
    item.errorCode = "lease_expired";
  },
  queue_up() {},
  recover() {},
  remove() {},
};

const front = ({ stage }: Item, { state }: Occasion) => state.queues[stage].served;
const ownersEnd = (item: Item, { state }: Occasion) =>
  lastTurn(state, item.stage, ownerOf(state, item)) + 1;

/** Whatever is not here leaves the item without a turn. */
const turnAfter: Partial<Record<Effect, (item: Item, occasion: Occasion) => number | null>> = {
  begin: (item, occasion) => (occasion.inputThere ? ownersEnd(item, occasion) : null),
  queue_up: ownersEnd,
  recover: front,
  hand_back: front,
};

function beginAnew(item: Item, { state, inputThere }: Occasion): void {
  item.attempts = 0;
  item.deferredSeconds = 0;
  item.errorCode = null;
  item.availableAt = inputThere ? state.now : null;
}
