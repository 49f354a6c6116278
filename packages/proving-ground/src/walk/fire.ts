/** Runs the table of transitions on the model: what its guards and effects mean. */
import { giveBackProbeOf } from "./limits.ts";
import {
  type Item,
  itemsOf,
  lastTurn,
  type ModelState,
  ownerOf,
  type Task,
  type World,
} from "./model.ts";
import {
  type Effect,
  type Event,
  type Guard,
  type Stage,
  type Transition,
  transitions,
} from "./transitions.ts";

/** What an event brings along; which of it matters depends on the transition. */
export interface Details {
  retryable?: boolean;
  /** A delay; none where it grows. */
  seconds?: number;
  /** The caller's patience. */
  within?: number;
  code?: string;
  /** Whether the upload, the message or the SSML is there. */
  inputThere?: boolean;
  /** Of what the new task comes from. */
  rounds?: number;
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
export const day = 86_400 * second;

/** Whoever holds the item when these happen asks its provider nothing more. */
const takesOut: ReadonlySet<Event> = new Set([
  "upload_completed",
  "upload_failed",
  "upload_begins",
  "words_changed",
  "deleted",
]);

/** What is no change of the status leaves its time alone. */
const silent: ReadonlySet<Effect> = new Set(["prolong", "queue_up", "recover", "suspend"]);

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
  const isChange = item.place !== transition.to || !silent.has(transition.effect);
  const occasion = { world: step.world, state: step.state, ...details };
  const token = item.task?.token ?? null;
  change[transition.effect](item, occasion);
  if (item.task) item.task.turn = turnAfter[transition.effect]?.(item, occasion) ?? null;
  item.place = transition.to;
  if (takesOut.has(transition.event)) giveBackProbeOf(step.state, item.stage, token);
  if (isChange) item.changedAt = step.state.now;
  if (item.task && item.place !== "processing") item.task.token = null;
  return true;
}

/** Items that lost a worker in the time that so many leases take as may be lost, and how long ago. */
export function lostLately(state: ModelState, stage: Stage, { settings }: World): [Item, number][] {
  const { lost } = state.queues[stage];
  return itemsOf(state, stage)
    .map((item): [Item, number] => [
      item,
      state.now - (lost[item.serial] ?? Number.NEGATIVE_INFINITY),
    ])
    .filter(([, age]) => age < settings.maxLosses * settings.leaseSeconds * second);
}

/** A row is taken apart for each stage, and for each place that it starts from. */
export function placeInTable(row: Transition, { stage, place }: Pick<Item, "stage" | "place">) {
  return `${stage}: ${row.event} of ${place}, ${row.when}`;
}

const isDue = ({ task }: Item, { state }: Occasion) =>
  task !== null && task.turn === null && task.availableAt <= state.now;
const hasTurn = ({ task }: Item) => task !== null && task.turn !== null;
const hasAttempt = ({ attempts }: Item, { world }: Occasion) =>
  attempts < world.settings.maxAttempts;
/** Of what else lost a worker a while ago; older losses, and what is deleted, tell nothing. */
const isAmongOthers = (item: Item, { world, state }: Occasion) =>
  lostLately(state, item.stage, world).some(([{ serial }]) => serial !== item.serial);
const hasLoss = (item: Item, occasion: Occasion) =>
  taskOf(item).losses <=
  (isAmongOthers(item, occasion) ? 4 : 1) * occasion.world.settings.maxLosses;
const staysWithinBound = (item: Item, occasion: Occasion) =>
  taskOf(item).deferredSeconds + delayOf(item, occasion) <=
  Math.min(occasion.world.settings.maxDeferredSeconds, occasion.within ?? Number.POSITIVE_INFINITY);
const mayGoBack = ({ stage, task }: Item) => stage === "audio" && task?.rounds === 0;

const holds: Record<Guard, (item: Item, occasion: Occasion) => boolean> = {
  always: () => true,
  ready: hasTurn,
  recovered: hasTurn,
  due: isDue,
  recoverable: (item, occasion) => isDue(item, occasion) && hasLoss(item, occasion),
  exhausted: (item, occasion) => isDue(item, occasion) && !hasLoss(item, occasion),
  retryable: (item, occasion) => occasion.retryable === true && hasAttempt(item, occasion),
  final: (item, occasion) => occasion.retryable !== true || !hasAttempt(item, occasion),
  within_bound: staysWithinBound,
  beyond_bound: (item, occasion) => !staysWithinBound(item, occasion),
  first_round: mayGoBack,
  last_round: (item) => !mayGoBack(item),
  refused: ({ errorCode }) => errorCode === "ssml_refused",
  not_refused: ({ stage, errorCode }) => stage !== "audio" || errorCode !== "ssml_refused",
  never_claimed: ({ attempts, errorCode }) => attempts === 0 || errorCode === "video_missing",
  without_attempt: ({ attempts }) => attempts === 0,
  awaiting_input: ({ task }) => task === null,
};

/** A backoff of the so manieth time, in seconds. */
function backoff({ settings, random }: World, times: number): number {
  const { backoffBaseSeconds, backoffCapSeconds } = settings;
  return Math.min(backoffCapSeconds, backoffBaseSeconds * 2 ** (times - 1)) * (0.5 + random / 2);
}

/** What a deferral waits: at least a second. */
export function delayOf(item: Item, { world, seconds }: Pick<Occasion, "world" | "seconds">) {
  return Math.max(seconds ?? backoff(world, taskOf(item).deferrals + 1), 1);
}

export function taskOf(item: Item): Task {
  if (!item.task) throw new Error(`${item.name} has no task`);
  return item.task;
}

/** To the microsecond. */
const after = (now: number, seconds: number) => now + Math.round(seconds * second);

const change: Record<Effect, (item: Item, occasion: Occasion) => void> = {
  begin(item, { state, inputThere, rounds = 0 }) {
    item.attempts = 0;
    item.errorCode = null;
    item.task = inputThere ? newTask(state.now, rounds, false) : null;
  },
  write_anew(item, { state, code = null }) {
    item.attempts = 0;
    item.errorCode = code;
    item.task = newTask(state.now, 1, true);
  },
  wait(item, { code }) {
    item.attempts = 0;
    item.errorCode = code ?? item.errorCode;
    item.task = null;
  },
  void_upload(item) {
    item.errorCode = "upload_failed";
    item.task = null;
  },
  suspend(item) {
    item.task = null;
  },
  lease(item, { state, world }) {
    const task = taskOf(item);
    if (task.token === null) item.attempts += 1;
    task.availableAt = state.now + world.settings.leaseSeconds * second;
    task.parked = false;
    state.lastToken += 1;
    task.token = state.lastToken;
  },
  set_aside(item, { state }) {
    const task = taskOf(item);
    task.parked = true;
    task.availableAt = (Math.floor(state.now / day) + 1) * day;
    item.errorCode = "quota_exceeded";
  },
  finish(item) {
    item.errorCode = null;
    item.task = null;
  },
  back_off(item, { state, world, code = null }) {
    const task = taskOf(item);
    task.availableAt = after(state.now, backoff(world, item.attempts));
    task.deferrals = 0;
    task.losses = 0;
    item.errorCode = code;
  },
  give_up(item, { code = null }) {
    item.errorCode = code;
    item.task = null;
  },
  postpone(item, occasion) {
    const task = taskOf(item);
    const delay = delayOf(item, occasion);
    task.deferredSeconds = Math.fround(task.deferredSeconds + delay);
    task.deferrals += 1;
    task.losses = 0;
    task.availableAt = after(occasion.state.now, delay);
    item.attempts = Math.max(item.attempts - 1, 0);
    item.errorCode = occasion.code ?? null;
  },
  prolong(item, { state, seconds = 0 }) {
    const task = taskOf(item);
    if (task.turn !== null) task.losses -= 1;
    task.availableAt = after(state.now, seconds);
  },
  hand_back(item, { state }) {
    item.attempts = Math.max(item.attempts - 1, 0);
    taskOf(item).losses = 0;
    taskOf(item).availableAt = state.now;
  },
  expire(item) {
    item.errorCode = "lease_expired";
    item.task = null;
  },
  queue_up(item) {
    taskOf(item).parked = false;
  },
  recover(item) {
    taskOf(item).losses += 1;
  },
  remove(item) {
    item.task = null;
  },
};

const front = ({ stage }: Item, { state }: Occasion) => state.queues[stage].served;
const ownersEnd = (item: Item, { state }: Occasion) =>
  lastTurn(state, item.stage, ownerOf(state, item)) + 1;

/** Whatever is not here leaves the item without a turn. */
const turnAfter: Partial<Record<Effect, (item: Item, occasion: Occasion) => number | null>> = {
  begin: ownersEnd,
  write_anew: ownersEnd,
  queue_up: ownersEnd,
  recover: front,
  hand_back: front,
};

function newTask(now: number, rounds: number, refused: boolean): Task {
  return {
    turn: null,
    availableAt: now,
    token: null,
    losses: 0,
    deferrals: 0,
    rounds,
    parked: false,
    deferredSeconds: 0,
    refused,
  };
}
