/** The reference model: what an operation should answer, and what it should leave behind. */
import { claim, sweep, usageKey } from "./claim.ts";
import { delayOf, fire, type Step, taskOf } from "./fire.ts";
import { giveBackProbeOf, noteAnswer } from "./limits.ts";
import {
  absentItem,
  copyOf,
  type Feedback,
  type Item,
  itemNamed,
  itemsOf,
  type ModelState,
  nextMoment,
  ownerOf,
  type Recording,
  type World,
} from "./model.ts";
import type { Operation, WorkerCall } from "./operations.ts";
import { stages } from "./transitions.ts";

export interface Outcome {
  /** What the caller is told; an error as `error SL001`; empty where there is nothing to tell. */
  answer: string;
  state: ModelState;
  /** Rows of the table that were taken. */
  taken: ReadonlySet<string>;
}

/** Pure: the given state stays as it is. */
export function apply(world: World, before: ModelState, operation: Operation): Outcome {
  const step: Step = { world, state: copyOf(before), taken: new Set() };
  const answer = perform(step, operation);
  const refused = answer.startsWith("error");
  return { answer, state: refused ? before : step.state, taken: step.taken };
}

function perform(step: Step, operation: Operation): string {
  const { state } = step;
  switch (operation.does) {
    case "claim":
      return claim(step, operation);
    case "complete":
    case "fail":
    case "defer":
    case "send back":
    case "extend":
    case "release":
      return callAsWorker(step, operation);
    case "sweep":
      return stages.map((stage) => `${stage} ${sweep(step, stage)}`).join(", ");
    case "wait":
      state.now =
        operation.seconds === undefined
          ? (nextMoment(state) ?? state.now)
          : state.now + operation.seconds * 1_000_000;
      return "";
    case "retry":
      return retry(step, operation);
    case "record":
      state.recordings.push({
        name: operation.recording,
        owner: operation.owner,
        upload: "pending",
        job: absentItem(`analysis ${operation.recording}`, "analysis"),
        analysedBy: null,
        feedback: [],
      });
      return "";
    case "upload":
      upload(step, recordingNamed(state, operation.recording), operation.status);
      return "";
    case "recognise":
      return recognise(step, recordingNamed(state, operation.recording));
    case "reword":
      reword(step, feedbackNamed(state, operation.feedback), operation.to);
      return "";
    case "delete":
      remove(step, ({ name }) => name === operation.recording);
      return "";
    case "close account":
      remove(step, ({ owner }) => owner === operation.owner);
      state.closedAccounts.push(operation.owner);
      return "";
  }
}

function callAsWorker(step: Step, call: WorkerCall): string {
  const { state } = step;
  const item = itemNamed(state, call.item);
  const token = item?.task?.token ?? null;
  const isOwn = item && token !== null && token === state.held[`${call.worker} ${call.item}`];
  // The shape of a result is checked before its token, what it must agree with only after.
  if (call.does === "complete" && call.flawed && (isOwn || !call.item.startsWith("audio"))) {
    return "error SL004";
  }
  if (!isOwn) return "stale";
  const by = { stage: item.stage, owner: ownerOf(state, item), token };
  const note = (code: string, wait?: number) =>
    noteAnswer(state, step.world, { ...by, code, ...(wait === undefined ? {} : { wait }) });
  switch (call.does) {
    case "complete":
      // What was sent back is made anew without the provider.
      if (taskOf(item).refused) giveBackProbeOf(state, item.stage, token);
      else note("completed");
      complete(step, item, call.worker);
      return "completed";
    case "fail":
      note(call.code);
      fire(step, item, "fail", call);
      return item.place;
    case "defer":
      return defer(step, item, call, note);
    case "send back":
      note("ssml_refused");
      fire(step, item, "send_back", { code: "ssml_refused" });
      if (item.place === "failed") return "failed";
      writeAgain(step, item);
      return "sent_back";
    case "extend":
      fire(step, item, "extend", { seconds: call.seconds });
      return `until ${item.task?.availableAt}`;
    case "release":
      note("released");
      giveBackUsage(step, item);
      fire(step, item, "release");
      return item.place;
  }
}

function defer(
  step: Step,
  item: Item,
  call: WorkerCall & { does: "defer" },
  note: (code: string, wait?: number) => void,
): string {
  note(call.code, delayOf(item, { world: step.world, seconds: call.seconds }));
  const usage = usageKey(step.state, item);
  fire(step, item, "defer", call);
  if (item.place === "queued") {
    takeBack(step.state, usage);
    return item.place;
  }
  if (call.within === undefined) item.errorCode = "deferred_too_long";
  if (item.errorCode === "video_missing") awaitVideo(step, item.name);
  return item.place;
}

/** Its recording waits for the object again. */
function awaitVideo(step: Step, job: Item["name"]): void {
  const recording = step.state.recordings.find((each) => each.job.name === job);
  if (recording?.upload === "completed") upload(step, recording, "pending");
}

function giveBackUsage({ state }: Step, item: Item): void {
  takeBack(state, usageKey(state, item));
}

function takeBack({ usage }: ModelState, key: string): void {
  if (usage[key]) usage[key] -= 1;
}

/** The SSML of this audio is written anew. */
function writeAgain(step: Step, audio: Item): void {
  const feedback = feedbackOf(step.state, audio);
  if (feedback) fire(step, feedback.ssml, "write_again", { code: "ssml_refused" });
}

function feedbackOf(state: ModelState, item: Item): Feedback | undefined {
  return state.recordings
    .flatMap((each) => each.feedback)
    .find(({ ssml, audio }) => ssml === item || audio === item);
}

function complete(step: Step, item: Item, worker: string): void {
  const { rounds } = taskOf(item);
  fire(step, item, "complete");
  for (const recording of step.state.recordings) {
    if (recording.job === item) writeAnalysis(step, recording, worker);
    for (const feedback of recording.feedback) {
      if (feedback.audio === item) feedback.audioSegments = feedback.ssmlSegments.map(() => worker);
      if (feedback.ssml !== item) continue;
      feedback.ssmlSegments = [worker, worker];
      feedback.audioSegments = [];
      fire(step, feedback.audio, "ssml_written", { inputThere: true, rounds });
    }
  }
}

function writeAnalysis(step: Step, recording: Recording, worker: string): void {
  recording.analysedBy = worker;
  clearFeedback(step, recording);
  for (const [index, words] of step.world.findings.entries()) {
    step.state.lastSerial += 1;
    const serial = step.state.lastSerial;
    const ssml = { ...absentItem(`ssml ${recording.name}.${index}`, "ssml"), serial };
    const audio = { ...absentItem(`audio ${recording.name}.${index}`, "audio"), serial };
    recording.feedback.push({ words, ssml, audio, ssmlSegments: [], audioSegments: [] });
    fire(step, ssml, "feedback_written", { inputThere: words !== "" });
    fire(step, audio, "feedback_written", { inputThere: false });
  }
}

function upload(step: Step, recording: Recording, status: Recording["upload"]): void {
  if (recording.upload === status) return;
  recording.upload = status;
  const { job } = recording;
  if (status === "pending") {
    fire(step, job, "upload_begins");
    return;
  }
  const wasAbsent = job.place === "absent";
  const begins = fire(step, job, `upload_${status}`, { inputThere: true });
  if (begins && status === "completed") clearFeedback(step, recording);
  if (!wasAbsent) return;
  step.state.lastSerial += 1;
  job.serial = step.state.lastSerial;
}

function clearFeedback({ state }: Step, recording: Recording): void {
  for (const { ssml, audio } of recording.feedback) {
    delete state.retries[ssml.name];
    delete state.retries[audio.name];
  }
  recording.feedback = [];
}

/** Counts what was found. */
function recognise(step: Step, recording: Recording): string {
  if (recording.upload !== "pending") return "0";
  upload(step, recording, "completed");
  return "1";
}

function retry(step: Step, { item: name, by }: Operation & { does: "retry" }): string {
  const { state, world } = step;
  const item = itemNamed(state, name);
  if (by === "stranger" || (by === "owner" && !item)) return "error PT404";
  if (item?.place !== "failed") return "error SL001";
  if (by === "owner") {
    state.retries[name] = (state.retries[name] ?? 0) + 1;
    if (state.retries[name] > world.settings.maxRetries) return "error PT429";
  }
  const recording = state.recordings.find(({ job }) => job === item);
  const feedback = feedbackOf(state, item);
  if (recording?.upload === "failed") recording.upload = "pending";
  const inputThere =
    item.stage === "analysis"
      ? recording?.upload === "completed"
      : item.stage === "ssml"
        ? feedback?.words !== ""
        : feedback?.ssml.place === "completed";
  const goesBack = item.stage === "audio" && item.errorCode === "ssml_refused";
  fire(step, item, "retry", { inputThere });
  if (goesBack) writeAgain(step, item);
  return item.place;
}

function reword(step: Step, feedback: Feedback, to: "other" | "blank" | "same"): void {
  const words = {
    other: feedback.words === "Hop." ? "Skip." : "Hop.",
    blank: "",
    same: feedback.words,
  };
  if (words[to] === feedback.words) return;
  feedback.words = words[to];
  feedback.ssmlSegments = [];
  feedback.audioSegments = [];
  fire(step, feedback.ssml, "words_changed", { inputThere: feedback.words !== "" });
  fire(step, feedback.audio, "words_changed", { inputThere: false });
}

function remove(step: Step, matches: (recording: Recording) => boolean): void {
  const { state } = step;
  const gone = state.recordings.filter(matches);
  for (const item of itemsOf({ ...state, recordings: gone })) {
    fire(step, item, "deleted");
    delete state.retries[item.name];
  }
  state.recordings = state.recordings.filter((recording) => !matches(recording));
}

export function recordingNamed(state: ModelState, name: string): Recording {
  const recording = state.recordings.find((each) => each.name === name);
  if (!recording) throw new Error(`there is no recording ${name}`);
  return recording;
}

function feedbackNamed(state: ModelState, name: string): Feedback {
  const [recording = "", index] = name.split(".");
  const feedback = recordingNamed(state, recording).feedback[Number(index)];
  if (!feedback) throw new Error(`there is no feedback ${name}`);
  return feedback;
}
