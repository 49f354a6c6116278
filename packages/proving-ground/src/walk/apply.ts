/** The reference model: what an operation should answer, and what it should leave behind. */
import { claim, sweep } from "./claim.ts";
import { fire, type Step } from "./fire.ts";
import { noteAnswer, noteFailure, notePause } from "./limits.ts";
import {
  absentItem,
  copyOf,
  type Feedback,
  type Item,
  itemNamed,
  itemsOf,
  type ModelState,
  nextMoment,
  type Recording,
  type World,
} from "./model.ts";
import { codeOf, type Operation, type WorkerCall } from "./operations.ts";
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
    case "reword":
      reword(step, feedbackNamed(state, operation.feedback), operation.to);
      return "";
    case "add ssml": {
      const feedback = feedbackNamed(state, operation.feedback);
      feedback.ssmlSegments.push("operator");
      fire(step, feedback.audio, "ssml_written", { inputThere: true });
      return "";
    }
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
  const isOwn = item?.token != null && item.token === state.held[`${call.worker} ${call.item}`];
  // The shape of a result is checked before its token, what it must agree with only after.
  if (call.does === "complete" && call.flawed && (isOwn || !call.item.startsWith("audio"))) {
    return "error SL004";
  }
  if (!isOwn) return "stale";
  switch (call.does) {
    case "complete":
      complete(step, item, call.worker);
      noteAnswer(state, item.stage);
      return "completed";
    case "fail":
      fire(step, item, "fail", { retryable: call.retryable, code: codeOf(call) });
      if (call.unavailable) noteFailure(state, item.stage, step.world);
      else noteAnswer(state, item.stage);
      return item.place;
    case "defer":
      fire(step, item, "defer", { seconds: call.seconds, code: "provider_rate_limited" });
      noteAnswer(state, item.stage);
      notePause(state, item.stage, step.world, call.seconds);
      return item.place;
    case "extend":
      fire(step, item, "extend", { seconds: call.seconds });
      return `until ${item.availableAt}`;
    case "release":
      fire(step, item, "release");
      return item.place;
  }
}

function complete(step: Step, item: Item, worker: string): void {
  fire(step, item, "complete");
  for (const recording of step.state.recordings) {
    if (recording.job === item) writeAnalysis(step, recording, worker);
    for (const feedback of recording.feedback) {
      if (feedback.audio === item) feedback.audioSegments = feedback.ssmlSegments.map(() => worker);
      if (feedback.ssml !== item) continue;
      feedback.ssmlSegments = [worker, worker];
      feedback.audioSegments = [];
      fire(step, feedback.audio, "ssml_written", { inputThere: true });
    }
  }
}

function writeAnalysis(step: Step, recording: Recording, worker: string): void {
  recording.analysedBy = worker;
  recording.feedback = [];
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
  if (status === "pending") return;
  const { job } = recording;
  const wasAbsent = job.place === "absent";
  fire(step, job, `upload_${status}`, { inputThere: true });
  if (!wasAbsent) return;
  step.state.lastSerial += 1;
  job.serial = step.state.lastSerial;
}

function retry(step: Step, { item: name, by }: Operation & { does: "retry" }): string {
  const item = itemNamed(step.state, name);
  if (by === "stranger" || (by === "owner" && !item)) return "error PT404";
  const recording = step.state.recordings.find(({ job }) => job === item);
  const feedback = step.state.recordings
    .flatMap((each) => each.feedback)
    .find(({ ssml, audio }) => ssml === item || audio === item);
  if (item?.place !== "failed") return "error SL001";
  if (recording?.upload === "failed") recording.upload = "pending";
  const inputThere =
    item.stage === "analysis"
      ? recording?.upload === "completed"
      : item.stage === "ssml"
        ? feedback?.words !== ""
        : feedback?.ssmlSegments.length !== 0;
  fire(step, item, "retry", { inputThere });
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
  const gone = step.state.recordings.filter(matches);
  step.state.recordings = step.state.recordings.filter((recording) => !matches(recording));
  for (const item of itemsOf({ ...step.state, recordings: gone })) fire(step, item, "deleted");
}

export function recordingNamed(state: ModelState, name: string): Recording {
  const recording = state.recordings.find((each) => each.name === name);
  if (!recording) throw new Error(`there is no recording ${name}`);
  return recording;
}

export function feedbackNamed(state: ModelState, name: string): Feedback {
  const [recording = "", index] = name.split(".");
  const feedback = recordingNamed(state, recording).feedback[Number(index)];
  if (!feedback) throw new Error(`there is no feedback ${name}`);
  return feedback;
}
