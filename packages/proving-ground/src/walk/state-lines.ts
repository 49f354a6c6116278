/** A state as lines of text: the form in which the model and the database are compared. */
import { type Item, itemsOf, type Limit, type ModelState, type Queue } from "./model.ts";

/** What a line tells of an item; `holder` is the worker whose token the lease has. */
export interface ItemFacts {
  name: string;
  place: string;
  attempts: number;
  errorCode: string | null;
  changedAt: number;
  holder: string | null;
  task: {
    attempts: number;
    turn: number | null;
    availableAt: number;
    losses: number;
    deferrals: number;
    rounds: number;
    parked: boolean;
    deferredSeconds: number;
    refused: boolean;
  } | null;
}

export function itemLine({ task, ...item }: ItemFacts): string {
  const shown = [
    `${item.name}: ${item.place}`,
    `attempts ${item.attempts}`,
    `error ${item.errorCode}`,
    `changed at ${item.changedAt}`,
  ];
  if (!task) return `${shown.join(", ")}; no task`;
  const queued = [
    `turn ${task.turn}`,
    `available at ${task.availableAt}`,
    `held by ${item.holder}`,
    `attempts ${task.attempts}`,
    `losses ${task.losses}`,
    `deferred ${task.deferrals} times, ${Math.fround(task.deferredSeconds)} s`,
    `round ${task.rounds}`,
    ...(task.parked ? ["parked"] : []),
    ...(task.refused ? ["refused"] : []),
  ];
  return `${shown.join(", ")}; ${queued.join(", ")}`;
}

export function queueLine(stage: string, { served, mark, suspects }: Queue): string {
  const { turn, next, movedAt, lookedAt } = mark;
  const apart = `${[...suspects.owners].sort()} apart until ${suspects.until}`;
  const looks = `looks from ${turn}, then ${next}, since ${movedAt}, below at ${lookedAt}`;
  return `queue ${stage}: served ${served}, ${looks}, ${apart}`;
}

/** @param limit.probedBy the worker whose lease probes, and the item */
export function limitLine(
  provider: string,
  limit: Omit<Limit, "probeToken"> & { probedBy: string | null },
): string {
  return [
    `${provider}: not before ${limit.notBefore}`,
    `refused ${limit.refused}`,
    `failing ${limit.failing}`,
    `open until ${limit.openUntil}`,
    `probes ${limit.probes}`,
    `probe of ${limit.probeOwner} by ${limit.probedBy} until ${limit.probeUntil}`,
  ].join(", ");
}

export function countLine(what: string, of: string, count: number): string {
  return `${what} of ${of}: ${count}`;
}

/** @param recording.awaited whether somebody looks for its object */
export function recordingLine(recording: {
  name: string;
  upload: string;
  awaited: boolean;
  analysedBy: string | null;
}): string {
  const { name, upload, awaited, analysedBy } = recording;
  const waits = awaited ? ", awaited" : "";
  return `recording ${name}: upload ${upload}${waits}, analysed by ${analysedBy}`;
}

export function feedbackLine(feedback: {
  name: string;
  words: string;
  ssmlSegments: readonly string[];
  audioSegments: readonly string[];
}): string {
  const { name, words, ssmlSegments, audioSegments } = feedback;
  return `feedback ${name}: "${words}", SSML by [${ssmlSegments}], audio by [${audioSegments}]`;
}

export function linesOfModel(state: ModelState): string[] {
  const lines = state.recordings.flatMap((recording) => [
    recordingLine({ ...recording, awaited: recording.upload === "pending" }),
    ...recording.feedback.map((feedback, index) =>
      feedbackLine({ ...feedback, name: `${recording.name}.${index}` }),
    ),
  ]);
  const items = itemsOf(state).map((item) =>
    itemLine({
      ...item,
      task: item.task && { ...item.task, attempts: item.attempts },
      holder: holderOf(state, item),
    }),
  );
  const queues = Object.entries(state.queues).map(([stage, queue]) => queueLine(stage, queue));
  const limits = Object.entries(state.limits).map(([name, limit]) =>
    limitLine(name, { ...limit, probedBy: keyOfToken(state, limit.probeToken) }),
  );
  const usage = Object.entries(state.usage)
    .filter(([, count]) => count > 0)
    .map(([of, count]) => countLine("usage", of, count));
  const retries = Object.entries(state.retries).map(([of, count]) =>
    countLine("retries", of, count),
  );
  return [...lines, ...items, ...queues, ...limits, ...usage, ...retries].sort();
}

/** Where the two differ, a pair of lines each; empty where they agree. */
export function differences(expected: readonly string[], actual: readonly string[]): string[] {
  const missing = expected.filter((line) => !actual.includes(line));
  const surplus = actual.filter((line) => !expected.includes(line));
  return [
    ...missing.map((line) => `model:    ${line}`),
    ...surplus.map((line) => `database: ${line}`),
  ];
}

function holderOf(state: ModelState, { task }: Item): string | null {
  return keyOfToken(state, task?.token ?? null)?.split(" ")[0] ?? null;
}

/** `worker item`, of the worker who was given the token. */
function keyOfToken({ held }: ModelState, token: number | null): string | null {
  if (token === null) return null;
  return Object.keys(held).find((key) => held[key] === token) ?? "nobody";
}
