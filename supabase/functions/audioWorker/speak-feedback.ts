import {
  type AudioClaim,
  type AudioResult,
  type Coach,
  limits,
  usualCoach,
} from "@sideline/contracts";
import { readAudio } from "../_shared/audio/audio.ts";
import type { Speech, SpeechSynthesizer } from "../_shared/providers/speech.ts";
import { markCaptions } from "../_shared/ssml/caption-marks.ts";
import { parseSsml } from "../_shared/ssml/parse.ts";
import { spokenText } from "../_shared/ssml/spoken.ts";
import { byteLength, serialise } from "../_shared/ssml/tree.ts";
import { webVtt } from "../_shared/ssml/web-vtt.ts";
import type { Storage } from "../_shared/storage.ts";

export interface SpeakFeedbackDeps {
  speech: SpeechSynthesizer;
  storage: Pick<Storage, "put">;
}

const bucket = "processed";

/**
 * Speaks every SSML segment of one feedback and stores audio and captions. Nothing is written to the
 * database here; an object whose result is refused later is an orphan under its own content's name.
 */
export async function speakFeedback(
  deps: SpeakFeedbackDeps,
  claim: AudioClaim,
  signal: AbortSignal,
): Promise<AudioResult> {
  const segments: AudioResult["segments"] = [];
  let last: Speech | undefined;
  // One after the other: the worker already speaks several feedbacks side by side.
  for (const segment of claim.segments) {
    const { spoken, speech } = await speakSegment(deps, claim, segment, signal);
    segments.push(spoken);
    last = speech;
  }
  if (!last) throw new Error("A claim for audio came without segments.");
  return { provider: last.provider, version: last.version, segments };
}

async function speakSegment(
  { speech: synthesizer, storage }: SpeakFeedbackDeps,
  claim: AudioClaim,
  { segment_index, ssml }: AudioClaim["segments"][number],
  signal: AbortSignal,
): Promise<{ spoken: AudioResult["segments"][number]; speech: Speech }> {
  const coach: Coach = claim.coach ?? usualCoach;
  const { speak, captions } = markCaptions(parseSsml(ssml), claim.language);
  const marked = serialise(speak);
  const speech = await synthesizer.synthesize({
    // Without room for the marks the captions are placed by their length.
    ssml: byteLength(marked) <= limits.storedSsmlBytes ? marked : ssml,
    text: spokenText(speak).replace(/\s+/g, " ").trim(),
    languageCode: coach.language_code,
    voiceName: coach.voice_name,
    speakingRate: coach.speaking_rate ?? 1,
    pitch: coach.pitch ?? 0,
    signal,
  });
  const { audio } = speech;
  const { format, contentType, durationMs } = readAudio(audio);
  const name = await objectName(claim, segment_index, audio);
  const path = `${name}.${format}`;
  const captionsPath = `${name}.vtt`;
  await storage.put({ bucket, path, bytes: audio, contentType, signal });
  await storage.put({
    bucket,
    path: captionsPath,
    bytes: new TextEncoder().encode(webVtt(captions, speech.times, durationMs)),
    contentType: "text/vtt",
    signal,
  });
  const spoken = {
    segment_index,
    audio_url: path,
    captions_url: captionsPath,
    format,
    duration_ms: durationMs,
  };
  return { spoken, speech };
}

/** Named by its content: a late worker's audio can never replace another's under the same name. */
async function objectName(
  claim: AudioClaim,
  segmentIndex: number,
  audio: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", audio));
  const prefix = [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
  const folder = `${claim.user_id}/${claim.analysis_job_id}/${claim.id}`;
  return `${folder}/${segmentIndex}-${prefix.join("")}`;
}
