import type { VideoFacts } from "../video/inspect-video.ts";
import { numberWriter } from "./number-writer.ts";
import type { Remark } from "./remark.ts";
import type { Wording } from "./wording.ts";

/** Below this, movements of a limb blur or jump. */
const LEAST_FRAME_RATE = 23;
/** Pixels of the shorter side below which a person is a smudge. */
const LEAST_SHORT_SIDE = 240;

/**
 * Remarks about the recording itself: what limits what can be seen in it. With `isOnlyTopic` set,
 * because nothing else can be said, the plain facts are told too.
 */
export function recordingRemarks(
  facts: VideoFacts,
  wording: Wording,
  isOnlyTopic: boolean,
): Remark[] {
  const write = numberWriter(wording);
  const frameRate = write.frameRate(facts.frameRate);
  const shortSide = Math.min(facts.width, facts.height);
  const about = (severity: Remark["severity"], message: string, drill: string): Remark => ({
    start_seconds: 0,
    end_seconds: Math.floor(facts.durationSeconds * 100) / 100,
    category: "recording",
    severity,
    confidence: 0.95,
    message,
    drill,
  });
  const remarks: Remark[] = [];
  if (isOnlyTopic) {
    const duration = write.time(facts.durationSeconds);
    const words = { duration, frameRate, hasSound: facts.audio !== null };
    remarks.push(about("low", wording.recording(words), wording.recordingDrill));
  }
  const isSlow = Math.max(facts.frameRate, facts.usualFrameRate) < LEAST_FRAME_RATE;
  if (isSlow && facts.frameCount > 1) {
    remarks.push(about("medium", wording.lowFrameRate({ frameRate }), wording.lowFrameRateDrill));
  }
  if (shortSide < LEAST_SHORT_SIDE) {
    const words = { pixels: shortSide };
    remarks.push(about("medium", wording.smallPicture(words), wording.smallPictureDrill));
  }
  return remarks;
}
