/**
 * The state that the reference model keeps: what the rows should hold, with names instead of ids
 * and numbers instead of tokens. Times are whole microseconds since the walk began.
 */
import type { ItemName } from "./operations.ts";
import type { Place, Stage } from "./transitions.ts";

/** A place in the queue. */
export interface Task {
  turn: number | null;
  availableAt: number;
  /** Number of the claim that holds the lease. */
  token: number | null;
  losses: number;
  deferrals: number;
  rounds: number;
  parked: boolean;
  deferredSeconds: number;
  /** Whether it knows that what it made was refused. */
  refused: boolean;
}

/** One stage of one recording or feedback. */
export interface Item {
  name: ItemName;
  stage: Stage;
  place: Place;
  attempts: number;
  errorCode: string | null;
  changedAt: number;
  task: Task | null;
  /** Rises with the row's id; both stages of a feedback have the same. */
  serial: number;
}

export interface Feedback {
  /** Empty where there is nothing to say. */
  words: string;
  ssml: Item;
  audio: Item;
  /** Who wrote each segment, in order. */
  ssmlSegments: string[];
  audioSegments: string[];
}

export interface Recording {
  name: string;
  owner: string;
  upload: "pending" | "completed" | "failed";
  job: Item;
  /** The worker whose analysis was accepted. */
  analysedBy: string | null;
  feedback: Feedback[];
}

/** The queue of one stage. */
export interface Queue {
  /** The latest turn claimed. */
  served: number;
  /** The turn where claims begin to look, the one where they will, since when, and the last look below. */
  mark: { turn: number; next: number; movedAt: number | null; lookedAt: number | null };
  /** Owners who are claimed apart, and until when. */
  suspects: { owners: string[]; until: number };
  /** When each item, by its serial, last lost a worker. */
  lost: Record<number, number>;
}

/** What a provider lets us do. */
export interface Limit {
  notBefore: number | null;
  /** Owners whose items it refused, or failed, since its last answer. */
  refused: string[];
  failing: string[];
  openUntil: number | null;
  probes: number;
  probeOwner: string | null;
  /** Number of the claim that probes. */
  probeToken: number | null;
  probeUntil: number | null;
}

export type Provider = "gemini" | "google-cloud-tts";
export const providers: Record<Stage, Provider> = {
  analysis: "gemini",
  ssml: "gemini",
  audio: "google-cloud-tts",
};

export interface ModelState {
  now: number;
  queues: Record<Stage, Queue>;
  limits: Record<Provider, Limit>;
  recordings: Recording[];
  closedAccounts: string[];
  /** The token that a worker was last given for an item, by `worker item`; some are stale. */
  held: Record<string, number>;
  /** Claims of a day, by `stage owner day`. */
  usage: Record<string, number>;
  /** Retries by the owner, by item. */
  retries: Record<string, number>;
  lastToken: number;
  lastSerial: number;
}

/** The same for each stage and each provider. */
export interface Settings {
  maxAttempts: number;
  maxLosses: number;
  leaseSeconds: number;
  /** Live leases at once, of all and of one owner; null means half of them. */
  maxConcurrency: number;
  maxConcurrencyPerUser: number | null;
  /** Claims of one owner a day; null means any number. */
  dailyAttempts: number | null;
  maxRetries: number;
  backoffBaseSeconds: number;
  backoffCapSeconds: number;
  maxDeferredSeconds: number;
  failureThreshold: number;
  openSeconds: number;
  longestOpenSeconds: number;
  longestPauseSeconds: number;
}

/** What stays the same during a walk. */
export interface World {
  settings: Settings;
  /** The message of each feedback that an analysis finds. */
  findings: readonly string[];
  /** What `random()` answers whenever a backoff asks. */
  random: number;
}

export function emptyState(): ModelState {
  return {
    now: 0,
    queues: { analysis: freshQueue(), ssml: freshQueue(), audio: freshQueue() },
    limits: { gemini: freshLimit(), "google-cloud-tts": freshLimit() },
    recordings: [],
    closedAccounts: [],
    held: {},
    usage: {},
    retries: {},
    lastToken: 0,
    lastSerial: 0,
  };
}

function freshQueue(): Queue {
  return {
    served: 0,
    mark: { turn: 0, next: 0, movedAt: null, lookedAt: null },
    suspects: { owners: [], until: 0 },
    lost: {},
  };
}

function freshLimit(): Limit {
  return {
    notBefore: null,
    refused: [],
    failing: [],
    openUntil: null,
    probes: 0,
    probeOwner: null,
    probeToken: null,
    probeUntil: null,
  };
}

export function absentItem(name: ItemName, stage: Stage): Item {
  return {
    name,
    stage,
    place: "absent",
    attempts: 0,
    errorCode: null,
    changedAt: 0,
    task: null,
    serial: 0,
  };
}

function copyOfItem(item: Item): Item {
  return { ...item, task: item.task && { ...item.task } };
}

/** A copy to change freely; the steps of a walk share no state. */
export function copyOf(state: ModelState): ModelState {
  return {
    ...state,
    queues: mapValues(state.queues, ({ served, mark, suspects, lost }) => ({
      served,
      mark: { ...mark },
      suspects: { ...suspects },
      lost: { ...lost },
    })),
    limits: mapValues(state.limits, (limit) => ({
      ...limit,
      refused: [...limit.refused],
      failing: [...limit.failing],
    })),
    closedAccounts: [...state.closedAccounts],
    held: { ...state.held },
    usage: { ...state.usage },
    retries: { ...state.retries },
    recordings: state.recordings.map((recording) => ({
      ...recording,
      job: copyOfItem(recording.job),
      feedback: recording.feedback.map((feedback) => ({
        words: feedback.words,
        ssml: copyOfItem(feedback.ssml),
        audio: copyOfItem(feedback.audio),
        ssmlSegments: [...feedback.ssmlSegments],
        audioSegments: [...feedback.audioSegments],
      })),
    })),
  };
}

/** Every item that has a row, jobs first. */
export function itemsOf(state: ModelState, stage?: Stage): Item[] {
  const items = state.recordings.flatMap(({ job, feedback }) => [
    job,
    ...feedback.flatMap(({ ssml, audio }) => [ssml, audio]),
  ]);
  return items.filter((item) => item.place !== "absent" && (!stage || item.stage === stage));
}

export function itemNamed(state: ModelState, name: ItemName): Item | undefined {
  return itemsOf(state).find((item) => item.name === name);
}

/** The next moment at which a lease, a delay, or a provider's pause or probe ends. */
export function nextMoment(state: ModelState): number | null {
  const moments = [
    ...itemsOf(state).map(({ task }) => task && task.turn === null && task.availableAt),
    ...Object.values(state.limits).flatMap(({ notBefore, openUntil, probeUntil }) => [
      notBefore,
      openUntil,
      probeUntil,
    ]),
  ].filter((moment): moment is number => typeof moment === "number" && moment > state.now);
  return moments.length > 0 ? Math.min(...moments) : null;
}

/** The order in which claims take what is ready. */
export function inClaimOrder(one: Item, other: Item): number {
  return (one.task?.turn ?? 0) - (other.task?.turn ?? 0) || one.serial - other.serial;
}

/** The order in which sweeps let what is due queue up. */
export function inOrderOfTime(one: Item, other: Item): number {
  return (one.task?.availableAt ?? 0) - (other.task?.availableAt ?? 0) || one.serial - other.serial;
}

/** The turn before the next of this owner. */
export function lastTurn(state: ModelState, stage: Stage, owner: string): number {
  const { served } = state.queues[stage];
  const turns = itemsOf(state, stage)
    .filter((item) => ownerOf(state, item) === owner)
    .map(({ task }) => task?.turn ?? 0);
  return Math.max(served, ...turns);
}

export function ownerOf(state: ModelState, item: Item): string {
  const recording = state.recordings.find(
    ({ job, feedback }) =>
      job === item || feedback.some(({ ssml, audio }) => ssml === item || audio === item),
  );
  if (!recording) throw new Error(`${item.name} belongs to no recording`);
  return recording.owner;
}

function mapValues<Key extends string, Value>(
  record: Record<Key, Value>,
  change: (value: Value) => Value,
): Record<Key, Value> {
  const result = { ...record };
  for (const key in result) result[key] = change(result[key]);
  return result;
}
