/** A state as lines of text: the form in which the model and the database are compared. */
import { type Item, itemsOf, type Limit, type ModelState, type Queue } from "./model.ts";

/** What a line tells of an item; `holder` is the worker whose token the lease has. */
export interface ItemFacts {
  name: string;
  place: string;
  attempts: number;
  availableAt: number | null;
  turn: number | null;
  holder: string | null;
  deferredSeconds: number;
  errorCode: string | null;
  changedAt: number;
}

export function itemLine(item: ItemFacts): string {
  return [
    `${item.name}: ${item.place}`,
    `attempts ${item.attempts}`,
    `available at ${item.availableAt}`,
    `turn ${item.turn}`,
    `held by ${item.holder}`,
    `deferred ${item.deferredSeconds}`,
    `error ${item.errorCode}`,
    `changed at ${item.changedAt}`,
  ].join(", ");
}

export function queueLine(stage: string, { served, mark }: Queue): string {
  const { turn, next, movedAt } = mark;
  return `queue ${stage}: served ${served}, looks from ${turn}, then ${next}, since ${movedAt}`;
}

export function limitLine(provider: string, limit: Limit): string {
  const { notBefore, failures, openUntil, probes } = limit;
  return [
    `${provider}: not before ${notBefore}`,
    `failures ${failures}`,
    `open until ${openUntil}`,
    `probes ${probes}`,
  ].join(", ");
}

export function recordingLine(recording: {
  name: string;
  upload: string;
  analysedBy: string | null;
}): string {
  return `recording ${recording.name}: upload ${recording.upload}, analysed by ${recording.analysedBy}`;
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
    recordingLine(recording),
    ...recording.feedback.map((feedback, index) =>
      feedbackLine({ ...feedback, name: `${recording.name}.${index}` }),
    ),
  ]);
  const items = itemsOf(state).map((item) => itemLine({ ...item, holder: holderOf(state, item) }));
  const queues = Object.entries(state.queues).map(([stage, queue]) => queueLine(stage, queue));
  const limits = Object.entries(state.limits).map(([name, limit]) => limitLine(name, limit));
  return [...lines, ...items, ...queues, ...limits].sort();
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

function holderOf(state: ModelState, { name, token }: Item): string | null {
  if (token === null) return null;
  const entry = Object.entries(state.held).find(
    ([key, held]) => held === token && key.endsWith(` ${name}`),
  );
  return entry?.[0].slice(0, -name.length - 1) ?? null;
}
