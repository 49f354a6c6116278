import { limits } from "@sideline/contracts";
import { pauseSeconds } from "./duration.ts";
import { parseSsml } from "./parse.ts";
import { splitSsml } from "./split.ts";
import { saysTheSame } from "./spoken.ts";
import { type SsmlElement, SsmlError } from "./tree.ts";

/** What markup has to say, and how fast it is spoken. */
export interface Speech {
  /** The message and the drill. */
  meant: string;
  /** The voice's speed; 1 is normal. */
  speakingRate: number;
}

/**
 * Checks markup that came from a model and cuts it into segments that can be spoken. Throws
 * SsmlError with what is wrong.
 */
export function speakable(markup: string, { meant, speakingRate }: Speech): string[] {
  const speak = parseSsml(markup);
  if (!saysTheSame(speak, meant)) {
    throw new SsmlError("the speech must say the message and the drill in their own words");
  }
  if (pauseSeconds(speak) > limits.ssmlPauseSeconds) {
    throw new SsmlError(`its pauses add up to more than ${limits.ssmlPauseSeconds} seconds`);
  }
  return segmentsOf(speak, speakingRate);
}

/** Cuts checked markup to what one request takes and one stored file of audio holds. */
export function segmentsOf(speak: SsmlElement, speakingRate: number): string[] {
  const { ssmlSegmentBytes: maxBytes, segmentSeconds: maxSeconds } = limits;
  return splitSsml(speak, { maxBytes, maxSeconds, speakingRate });
}
