/** What holds claims back in the model: the watermark of a queue, and what its provider allows. */
import {
  type Item,
  type Limit,
  type ModelState,
  providers,
  type Queue,
  type World,
} from "./model.ts";
import type { Stage } from "./transitions.ts";

const second = 1_000_000;
const fresh = second / 10;

/** A claim moves a watermark that is not fresh. True where it sweeps, and looks everywhere: once a second. */
export function moveMark({ queues, now }: ModelState, stage: Stage): boolean {
  const { served, mark } = queues[stage];
  const isWithin = (moment: number | null, time: number) =>
    moment !== null && moment > now - time && moment <= now;
  if (isWithin(mark.movedAt, fresh)) return false;
  const looks = !isWithin(mark.lookedAt, second);
  const lookedAt = looks ? now : mark.lookedAt;
  queues[stage].mark = { turn: mark.next, next: served, movedAt: now, lookedAt };
  return looks;
}

/** What was found below the mark may have neighbours that committed as late. */
export function lowerMark({ mark }: Queue, first: number): void {
  if (first >= mark.turn) return;
  mark.turn = first;
  mark.next = Math.min(mark.next, first);
}

/** How many items may be claimed for the provider; null where nothing holds it back. */
export function roomOf({ limits, now }: ModelState, stage: Stage): number | null {
  const { notBefore, openUntil, probeUntil } = limits[providers[stage]];
  if ((notBefore ?? 0) > now || (openUntil ?? 0) > now) return 0;
  if (openUntil === null) return null;
  return (probeUntil ?? 0) > now ? 0 : 1;
}

/** A claim got through a circuit that was open: it probes until its lease ends. */
export function noteProbe(limit: Limit, item: Item, owner: string): void {
  limit.probeOwner = owner;
  limit.probeToken = item.task?.token ?? null;
  limit.probeUntil = item.task?.availableAt ?? null;
}

/** The probe never asked its provider. */
function giveBackProbe(limit: Limit): void {
  limit.probeToken = null;
  limit.probeUntil = null;
}

/** The same where it is this lease that probes. */
export function giveBackProbeOf({ limits }: ModelState, stage: Stage, token: number | null): void {
  const limit = limits[providers[stage]];
  if (token !== null && limit.probeToken === token) giveBackProbe(limit);
}

/** What a report says of the provider; nothing where it was not asked. */
const verdicts: Record<string, "failed" | "refused" | "answered"> = {
  provider_unavailable: "failed",
  provider_rate_limited: "refused",
  provider_rejected: "answered",
  ssml_refused: "answered",
  completed: "answered",
};

/** What a call that ends a claim says of whose item; `wait` is what a refusal asked for. */
export function noteAnswer(
  state: ModelState,
  { settings }: World,
  report: { stage: Stage; owner: string; token: number | null; code: string; wait?: number },
): void {
  const limit = state.limits[providers[report.stage]];
  const verdict = verdicts[report.code];
  const isProbe = report.token !== null && limit.probeToken === report.token;
  switch (verdict) {
    case undefined:
      if (isProbe) giveBackProbe(limit);
      return;
    case "failed":
      if (!limit.failing.includes(report.owner)) limit.failing.push(report.owner);
      if (limit.openUntil !== null && !isProbe) return;
      limit.probes = limit.openUntil === null ? 0 : limit.probes + 1;
      if (limit.openUntil === null && limit.failing.length < settings.failureThreshold) return;
      limit.openUntil = state.now + second * openFor(limit, settings);
      giveBackProbe(limit);
      return;
    case "answered":
    case "refused":
      close(limit);
      if (report.code === "completed") limit.refused = [];
      if (verdict === "refused") pause(limit, state.now, report, settings.longestPauseSeconds);
  }
}

function openFor({ probes }: Limit, settings: World["settings"]): number {
  return Math.min(settings.longestOpenSeconds, settings.openSeconds * 2 ** probes);
}

function close(limit: Limit): void {
  Object.assign(limit, { failing: [], openUntil: null, probes: 0, probeOwner: null });
  giveBackProbe(limit);
}

/** The first owner's refusal pauses nobody else. */
function pause(
  limit: Limit,
  now: number,
  { owner, wait = 1 }: { owner: string; wait?: number },
  longest: number,
): void {
  if (!limit.refused.includes(owner)) limit.refused.push(owner);
  if (limit.refused.length < 2) return;
  const until = now + Math.round(Math.min(wait, longest) * second);
  limit.notBefore = Math.max(limit.notBefore ?? 0, until);
}
