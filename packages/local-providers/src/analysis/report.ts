import type { FollowedBrief } from "../generate/request.ts";
import type { Burst } from "../video/bursts.ts";
import type { VideoFacts } from "../video/inspect-video.ts";
import { largest } from "../video/statistics.ts";
import { followBrief } from "./follow-brief.ts";
import { wordingFor } from "./languages.ts";
import { measuredMetrics } from "./metrics.ts";
import { numberWriter } from "./number-writer.ts";
import { recordingRemarks } from "./recording-remarks.ts";
import type { Remark, Report } from "./remark.ts";
import type { Wording } from "./wording.ts";

/** More would tire a listener; the strongest are kept. */
const MOST_BURSTS = 12;
const MOST_CUTS = 3;
const LEAST_REST_SECONDS = 3;
/** What begins or ends at a cut may be another shot, not movement. */
const NEAR_CUT_SECONDS = 1;

/** Puts into words what the pictures show, in order of time. Nothing is said that is not in `facts`. */
export function composeReport(
  facts: VideoFacts,
  languageTag: string,
  brief?: FollowedBrief | null,
): Report {
  const { wording, language } = wordingFor(languageTag);
  const bursts = facts.motion?.bursts ?? [];
  const feedback = [
    ...burstRemarks(facts, wording),
    ...restRemarks(facts, wording),
    ...cutRemarks(facts, wording),
  ];
  feedback.push(...recordingRemarks(facts, wording, feedback.length === 0));
  feedback.sort((a, b) => a.start_seconds - b.start_seconds || a.end_seconds - b.end_seconds);
  const report = {
    title: wording.title(isToldApart(bursts) ? bursts.length : null),
    summary: [summarise(facts, wording), ...lookedAt(facts, wording)].join(" "),
    language,
    confidence:
      bursts.length === 0 ? 0.5 : largest(bursts.map((burst) => burstConfidence(facts, burst))),
    metrics: measuredMetrics(facts),
    feedback,
  };
  return brief ? followBrief(report, brief, wording) : report;
}

function summarise(facts: VideoFacts, wording: Wording): string {
  const write = numberWriter(wording);
  // Of what nobody looked at nothing is said.
  const duration = write.time(facts.lookedAtSeconds ?? facts.durationSeconds);
  const bursts = facts.motion?.bursts ?? [];
  const strongest = strongestOf(bursts);
  if (strongest !== undefined && !isToldApart(bursts))
    return wording.summaryOfThroughout({ duration });
  if (strongest !== undefined) {
    const active = bursts.reduce((sum, { start, end }) => sum + end - start, 0);
    return wording.summaryOfBursts({
      count: bursts.length,
      active: write.time(active),
      duration,
      strongest: write.span(strongest.start, strongest.end),
    });
  }
  if (!facts.areEditsFollowed) return wording.summaryOfUnknownEdits({ duration });
  return facts.lookedAtSeconds === null
    ? wording.summaryOfUnseen({ duration })
    : wording.summaryOfNothing({ duration });
}

/** What of a clip was not looked at because all of it would take too long. */
function lookedAt({ lookedAtSeconds, durationSeconds }: VideoFacts, wording: Wording): string[] {
  if (lookedAtSeconds === null || lookedAtSeconds >= durationSeconds) return [];
  const write = numberWriter(wording);
  const [seen, duration] = [write.time(lookedAtSeconds), write.time(durationSeconds)];
  return [wording.lookedAt({ seen, duration })];
}

/** Whether the clip has rest to tell its movement from. */
function isToldApart(bursts: readonly Burst[]): boolean {
  return bursts.some(({ ratio }) => ratio !== null);
}

/** Where nothing rests, movement is as much as itself. */
function ratioOf({ ratio }: Burst): number {
  return ratio ?? 1;
}

function burstRemarks(facts: VideoFacts, wording: Wording): Remark[] {
  const bursts = facts.motion?.bursts ?? [];
  const write = numberWriter(wording);
  const kept = new Set([...bursts].sort((a, b) => ratioOf(b) - ratioOf(a)).slice(0, MOST_BURSTS));
  return bursts.flatMap((burst) => {
    if (!kept.has(burst)) return [];
    return [
      {
        start_seconds: roundTime(burst.start),
        end_seconds: roundTime(burst.end),
        category: "movement",
        severity: ratioOf(burst) >= 4 ? "high" : ratioOf(burst) >= 2.5 ? "medium" : "low",
        confidence: burstConfidence(facts, burst),
        message: wording.burst({
          span: write.span(burst.start, burst.end),
          ratio: burst.ratio === null ? null : write.ratio(burst.ratio),
        }),
        drill: wording.burstDrill,
      },
    ];
  });
}

function restRemarks(facts: VideoFacts, wording: Wording): Remark[] {
  const write = numberWriter(wording);
  const rests = facts.motion?.rests ?? [];
  const longest = [...rests].sort((a, b) => b.end - b.start - (a.end - a.start))[0];
  if (longest === undefined || longest.end - longest.start < LEAST_REST_SECONDS) return [];
  const { start, end } = longest;
  return [
    {
      start_seconds: roundTime(start),
      end_seconds: roundTime(end),
      category: "stillness",
      severity: "low",
      confidence: round(separationShare(facts) * 0.3 + 0.5),
      message: wording.stillness({ span: write.span(start, end) }),
      drill: end < facts.durationSeconds ? wording.stillnessDrill : null,
    },
  ];
}

function cutRemarks(facts: VideoFacts, wording: Wording): Remark[] {
  const write = numberWriter(wording);
  return facts.possibleCuts.slice(0, MOST_CUTS).map((time) => ({
    start_seconds: roundTime(time),
    end_seconds: roundTime(Math.min(facts.durationSeconds, time + 1)),
    category: "cut",
    severity: "low",
    confidence: 0.4,
    message: wording.cut({ at: write.time(time) }),
    drill: null,
  }));
}

function strongestOf(bursts: readonly Burst[]): Burst | undefined {
  return [...bursts].sort((a, b) => ratioOf(b) - ratioOf(a))[0];
}

/** How far the measured separation lies above that of one bell curve (0.64), 0 to 1. */
function separationShare(facts: VideoFacts): number {
  const separation = facts.motion?.separation ?? 0;
  return Math.min(1, Math.max(0, (separation - 0.64) / 0.36));
}

/**
 * From 0.4 to 0.95: by how clearly the clip falls in two, and how far this burst stands out; less
 * when it begins or ends where a cut may be.
 */
function burstConfidence(facts: VideoFacts, burst: Burst): number {
  const strength = Math.min(1, Math.log(Math.max(1, ratioOf(burst))) / Math.log(4));
  const isAtCut = facts.possibleCuts.some(
    (time) => Math.min(Math.abs(time - burst.start), Math.abs(time - burst.end)) < NEAR_CUT_SECONDS,
  );
  return round((0.4 + 0.55 * separationShare(facts) * strength) * (isAtCut ? 0.7 : 1));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function roundTime(seconds: number): number {
  return Math.floor(seconds * 100) / 100;
}
