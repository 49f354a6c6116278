import { inspectVideo } from "../video/inspect-video.ts";
import { UnreadableVideoError } from "../video/unreadable-video.ts";
import type { Clip, Stretch } from "./clip.ts";
import { probeDuration } from "./probe.ts";
import type { Tools } from "./tools.ts";

/** Seconds that our length of a clip may differ from ffprobe's. */
const DURATION_TOLERANCE = 0.1;
/** Seconds that a burst's begin and end may be off. */
const BURST_TOLERANCE = 1;

export interface Judgement {
  /** Seconds; null for files that are to be refused. */
  probed: number | null;
  found: { refused: string; sentence: string } | { duration: number; bursts: Stretch[] };
  /** In what the analyser is wrong about the file; none where it is right. */
  faults: string[];
}

/** Holds what the analyser says of a clip against ffprobe's word and what is known to be in it. */
export async function judge(clip: Clip, path: string, tools: Tools): Promise<Judgement> {
  const found = await look(path);
  if ("refused" in clip.shows) {
    const { refused } = clip.shows;
    const isRight = "refused" in found && found.refused === refused;
    return { probed: null, found, faults: isRight ? [] : [`should be refused as ${refused}`] };
  }
  const probed = await probeDuration(path, tools);
  if ("refused" in found) return { probed, found, faults: [`refused: ${found.sentence}`] };
  const faults: string[] = [];
  const difference = Math.abs(found.duration - (clip.playerSeconds ?? probed));
  if (difference > DURATION_TOLERANCE) faults.push(`${difference.toFixed(2)} s off`);
  if (!areNear(found.bursts, clip.shows)) faults.push(`moves ${JSON.stringify(clip.shows)}`);
  return { probed, found, faults };
}

async function look(path: string): Promise<Judgement["found"]> {
  try {
    const { durationSeconds, motion } = await inspectVideo(path);
    const bursts = (motion?.bursts ?? []).map(({ start, end }) => [start, end] as const);
    return { duration: durationSeconds, bursts };
  } catch (error) {
    if (!(error instanceof UnreadableVideoError)) throw error;
    return { refused: error.reason, sentence: error.message };
  }
}

function areNear(found: readonly Stretch[], wanted: readonly Stretch[]): boolean {
  return (
    found.length === wanted.length &&
    found.every(([start, end], index) => {
      const [from, to] = wanted[index] ?? [Number.NaN, Number.NaN];
      return Math.abs(start - from) <= BURST_TOLERANCE && Math.abs(end - to) <= BURST_TOLERANCE;
    })
  );
}
