import {
  type Feedback,
  feedbackProblem,
  type RecordingState,
  type StageState,
  type StatusChange,
  waitOf,
} from "@sideline/client";
import type { DemoCost, DemoResult, FeedbackResult } from "./demo-result.ts";
import type { Format, Screen } from "./screen/screen.ts";
import { drawTable } from "./screen/table.ts";
import { padTo, wrap } from "./screen/text-width.ts";
import { drawTimeline } from "./screen/timeline.ts";

/** A change, and the state of the whole recording right after it. */
interface Progress {
  change: StatusChange;
  state: RecordingState;
}

const statusColours: Record<string, Format> = {
  queued: "dim",
  waiting: "yellow",
  pending: "dim",
  uploading: "yellow",
  processing: "yellow",
  completed: "green",
  failed: "red",
};

const severityColours: Record<string, Format> = { low: "cyan", medium: "yellow", high: "red" };

/** e.g. "  1.2 s  analysis    completed   2 feedback by offline-bitstream-1  +8 ms". */
export function showChange(screen: Screen, { change, state }: Progress, elapsedMs: number): void {
  const time = `${(elapsedMs / 1000).toFixed(1).padStart(5)} s`;
  const number = state.feedback.findIndex(({ id }) => id === change.id) + 1;
  const isFeedback = change.subject === "ssml" || change.subject === "audio";
  const what = isFeedback ? `feedback ${number} ${change.subject}` : change.subject;
  const status = screen.paint(statusColours[change.to] ?? "reset", padTo(11, change.to));
  const detail = [detailOf({ change, state }), lagOf(screen, state)].filter(Boolean).join("  ");
  screen.line(`${screen.paint("dim", time)}  ${padTo(18, what)}  ${status} ${detail}`.trimEnd());
}

/** How long after its commit the change is shown. */
function lagOf(screen: Screen, { committedAt }: Progress["state"]): string {
  if (committedAt === null) return "";
  return screen.paint("dim", `+${Math.max(0, Date.now() - committedAt)} ms`);
}

function detailOf({ change, state }: Progress): string {
  if (change.subject === "analysis" && change.to === "completed") {
    return `${state.feedback.length} feedback by ${state.job?.model ?? "an unnamed model"}`;
  }
  if (change.subject === "analysis" && change.to === "failed") return state.job?.errorCode ?? "";
  if (change.to === "waiting") return waitDetail(waitingStage(state, change.id));
  const item = state.feedback.find(({ id }) => id === change.id);
  const problem = item && feedbackProblem(item);
  if (change.subject === "ssml" && change.from === null && item) return span(item);
  if (change.to === "failed" && problem) return problem.errorCode;
  return "";
}

/** Keeps the line of what waits up to date, on a terminal. What waits may wait for hours. */
export function showWait(screen: Screen, state: RecordingState, now = Date.now()): void {
  const waiting = waitingStage(state);
  const wait = waiting && waitOf(waiting);
  if (!wait) return;
  const seconds = Math.max(0, Math.round((now - wait.since.getTime()) / 1000));
  screen.live(`Waiting for ${formatWait(seconds)}. ${waiting.lastError ?? ""}`.trimEnd());
}

/** The analysis, or a stage of a feedback, that waits: of the one with this id where one is given. */
function waitingStage({ job, feedback }: RecordingState, id?: number): StageState | null {
  if (job?.status === "waiting") return job;
  const stages = feedback
    .filter((item) => id === undefined || item.id === id)
    .flatMap(({ ssml, audio }) => [ssml, audio]);
  return stages.find(({ status }) => status === "waiting") ?? null;
}

/** e.g. "since 14:03:22, until 00:00 UTC: Today's quota is used up." */
function waitDetail(stage: StageState | null): string {
  const wait = stage && waitOf(stage);
  if (!wait) return "";
  const since = wait.since.toLocaleTimeString("en-GB");
  const until = wait.until ? `, until ${wait.until.toISOString().slice(11, 16)} UTC` : "";
  return `since ${since}${until}: ${stage.lastError ?? stage.errorCode ?? ""}`;
}

/** e.g. "42 s", "3 min", "2 h 5 min". */
export function formatWait(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The clip as an axis with its feedback, coloured by severity. */
export function showTimeline(screen: Screen, durationSeconds: number, feedback: Feedback[]): void {
  const items = feedback.map(({ startSeconds, endSeconds }, index) => ({
    startSeconds,
    endSeconds,
    label: String(index + 1),
  }));
  for (const { bars, text } of drawTimeline(screen.width - 4, durationSeconds, items)) {
    if (!bars) {
      screen.line(`  ${screen.paint("dim", text)}`);
      continue;
    }
    let column = 0;
    let line = "";
    for (const bar of bars) {
      const colour = severityColours[feedback[bar.item]?.severity ?? ""] ?? "cyan";
      line += " ".repeat(bar.column - column) + screen.paint(colour, bar.text);
      column = bar.column + bar.text.length;
    }
    screen.line(`  ${line}`);
  }
}

/** Time, category, message and sound of every feedback, and what all of it has cost. */
export function showFeedback(screen: Screen, { feedback, cost, session }: DemoResult): void {
  const rows = feedback.map((item, index) => [
    String(index + 1),
    span(item),
    item.category.replaceAll("_", " "),
    item.message,
    ...(session ? [item.ruleId ?? "–"] : []),
    soundOf(item),
  ]);
  const titles = ["", "time", "category", "feedback", ...(session ? ["rule"] : []), "audio"];
  const lines = drawTable(screen.width - 4, titles, rows, 3);
  for (const [index, line] of lines.entries()) {
    screen.line(`  ${index < 2 ? screen.paint("dim", line) : line}`);
  }
  if (session?.summary) {
    screen.line();
    for (const line of wrap(screen.width - 4, session.summary)) screen.line(`  ${line}`);
  }
  screen.line();
  screen.line(`  ${costOf(cost)}`);
  const files = feedback.flatMap(({ audio }) => audio.map(({ file }) => file));
  if (files.length > 0) screen.line();
  for (const file of files) screen.line(`  ♪ ${file}`);
}

/** e.g. "Cost: 0.0123 USD for 9 calls of the providers, 2 of them without a known price". */
export function costOf({ amount, currency, calls, unpricedCalls }: DemoCost): string {
  const unpriced = unpricedCalls === 0 ? "" : `, ${unpricedCalls} of them without a known price`;
  const sum = `${Number(amount.toFixed(4))} ${currency ?? ""}`.trimEnd();
  return `Cost: ${sum} for ${calls} ${calls === 1 ? "call" : "calls"} of the providers${unpriced}`;
}

function soundOf({ audio, audioStatus, ssmlStatus }: FeedbackResult): string {
  if (audio.length === 0 && audioStatus === "completed") return "nothing to say";
  if (audio.length === 0) return ssmlStatus === "failed" ? "ssml failed" : audioStatus;
  const milliseconds = audio.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function span({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }): string {
  return `${startSeconds.toFixed(1)}–${endSeconds.toFixed(1)} s`;
}
