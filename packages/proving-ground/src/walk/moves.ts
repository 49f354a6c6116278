/** Which operations a walk may try in a state. */
import { type Item, itemsOf, type ModelState, nextMoment } from "./model.ts";
import type { Deferral, Fault, ItemName, Operation, WorkerCall } from "./operations.ts";
import { handOf } from "./state-key.ts";
import type { Stage } from "./transitions.ts";

export interface Worker {
  name: string;
  stage: Stage;
  batches: readonly number[];
  calls: readonly WorkerCall["does"][];
}

/** What may happen in a walk. */
export interface Repertoire {
  workers: readonly Worker[];
  /** Stages whose items are retried. */
  retries: readonly Stage[];
  faults: readonly Fault[];
  deferrals: readonly Deferral[];
  extendSeconds: readonly number[];
  /** Calls that are refused whatever the state: of strangers, and with results that break a rule. */
  intrusions: boolean;
  /** Claims of workers that hold something. */
  busy: boolean;
  uploads: boolean;
  rewording: boolean;
  deleting: boolean;
}

export const everyCall: Worker["calls"] = [
  "complete",
  "fail",
  "defer",
  "send back",
  "extend",
  "release",
];

export function movesOf(state: ModelState, repertoire: Repertoire): Operation[] {
  return [
    ...repertoire.workers
      .filter((worker, index, all) => !isTwin(state, worker, all.slice(0, index)))
      .flatMap((worker) => movesOfWorker(state, worker, repertoire)),
    { does: "sweep" },
    ...(nextMoment(state) === null ? [] : [{ does: "wait" } as const]),
    ...itemsOf(state)
      .filter(({ stage }) => repertoire.retries.includes(stage))
      .flatMap((item) => retriesOf(item, repertoire)),
    ...movesOfOwners(state, repertoire),
  ];
}

/** Of two workers with the same in hand it does not matter who goes on. */
function isTwin(state: ModelState, worker: Worker, earlier: readonly Worker[]): boolean {
  return earlier.some(
    (other) =>
      other.stage === worker.stage && handOf(state, other.name) === handOf(state, worker.name),
  );
}

function movesOfWorker(state: ModelState, worker: Worker, repertoire: Repertoire): Operation[] {
  const claims = worker.batches.flatMap((batch): Operation[] => {
    const claim = { does: "claim", worker: worker.name, stage: worker.stage, batch } as const;
    return repertoire.busy ? [claim, { ...claim, busy: true }] : [claim];
  });
  const inHand = Object.keys(state.held)
    .filter((key) => key.startsWith(`${worker.name} ${worker.stage} `))
    .map((key) => itemName(key.slice(worker.name.length + 1)));
  return [...claims, ...inHand.flatMap((item) => callsOn(item, worker, repertoire))];
}

function callsOn(item: ItemName, { name: worker, calls }: Worker, repertoire: Repertoire) {
  const all: WorkerCall[] = [
    { does: "complete", worker, item },
    ...(repertoire.intrusions ? [{ does: "complete", worker, item, flawed: true } as const] : []),
    ...repertoire.faults.map(
      (code) => ({ does: "fail", worker, item, retryable: true, code }) as const,
    ),
    { does: "fail", worker, item, retryable: false, code: "internal_error" },
    ...repertoire.deferrals
      .filter(({ code }) => code !== "video_missing" || item.startsWith("analysis"))
      .map((deferral) => ({ does: "defer", worker, item, ...deferral }) as const),
    { does: "send back", worker, item },
    ...repertoire.extendSeconds.map(
      (seconds) => ({ does: "extend", worker, item, seconds }) as const,
    ),
    { does: "release", worker, item },
  ];
  return all.filter(({ does }) => calls.includes(does));
}

function retriesOf({ name: item, place }: Item, { intrusions }: Repertoire): Operation[] {
  const callers =
    intrusions && place === "failed"
      ? (["owner", "operator", "stranger"] as const)
      : (["owner"] as const);
  return callers.map((by) => ({ does: "retry", item, by }));
}

function movesOfOwners(state: ModelState, repertoire: Repertoire): Operation[] {
  return state.recordings.flatMap((recording) => {
    const feedback = recording.feedback.map((_, index) => `${recording.name}.${index}` as const);
    const moves: Operation[] = [];
    if (repertoire.uploads) {
      const others = (["pending", "completed", "failed"] as const).filter(
        (status) => status !== recording.upload,
      );
      moves.push(
        ...others.map((status) => ({ does: "upload", recording: recording.name, status }) as const),
      );
      moves.push({ does: "recognise", recording: recording.name });
    }
    for (const name of feedback) {
      if (repertoire.rewording) {
        moves.push(
          ...(["other", "blank", "same"] as const).map(
            (to) => ({ does: "reword", feedback: name, to }) as const,
          ),
        );
      }
    }
    if (repertoire.deleting) moves.push({ does: "delete", recording: recording.name });
    return moves;
  });
}

/** Whether an operation means anything in a state; a list with steps left out may hold others. */
export function isPossible(state: ModelState, operation: Operation): boolean {
  const recordings = new Set(state.recordings.map(({ name }) => name));
  const feedback = new Set(
    state.recordings.flatMap(({ name, feedback }) =>
      feedback.map((_, index) => `${name}.${index}`),
    ),
  );
  switch (operation.does) {
    case "claim":
    case "sweep":
      return true;
    case "wait":
      return operation.seconds !== undefined || nextMoment(state) !== null;
    case "complete":
    case "fail":
    case "defer":
    case "send back":
    case "extend":
    case "release":
      return `${operation.worker} ${operation.item}` in state.held;
    case "retry":
      return itemsOf(state).some(({ name }) => name === operation.item);
    case "record":
      return (
        !recordings.has(operation.recording) && !state.closedAccounts.includes(operation.owner)
      );
    case "upload":
    case "recognise":
    case "delete":
      return recordings.has(operation.recording);
    case "reword":
      return feedback.has(operation.feedback);
    case "close account":
      return !state.closedAccounts.includes(operation.owner);
  }
}

const itemNames = /^(analysis \w+|(ssml|audio) \w+\.\d+)$/;

function itemName(text: string): ItemName {
  if (!isItemName(text)) throw new Error(`"${text}" is no item`);
  return text;
}

function isItemName(text: string): text is ItemName {
  return itemNames.test(text);
}
