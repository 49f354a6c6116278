import type { AudioClaim, AudioResult, Coach } from "@sideline/contracts";
import { readWav, requireAudible } from "../_shared/audio/wav.ts";
import type { Speech, SpeechSynthesizer } from "../_shared/providers/speech.ts";
import type { Storage } from "../_shared/storage.ts";

export interface SpeakFeedbackDeps {
  speech: SpeechSynthesizer;
  storage: Storage;
}

const bucket = "processed";

/**
 * Speaks every SSML segment of one feedback and stores the audio. Nothing is written to the
 * database here; an object whose result is refused later is an orphan under its own content's name.
 */
export async function speakFeedback(
  deps: SpeakFeedbackDeps,
  claim: AudioClaim,
  signal: AbortSignal,
): Promise<AudioResult> {
  const coach = claim.coach ?? defaultCoach;
  const segments: AudioResult["segments"] = [];
  let last: Speech | undefined;
  // One after the other: the worker already speaks several feedbacks side by side.
  for (const { segment_index, ssml } of claim.segments) {
    const speech = await deps.speech.synthesize({
      ssml,
      languageCode: coach.language_code,
      voiceName: coach.voice_name,
      speakingRate: coach.speaking_rate ?? 1,
      pitch: coach.pitch ?? 0,
      signal,
    });
    const facts = readWav(speech.wav);
    requireAudible(facts);
    const path = await objectPath(claim, segment_index, speech.wav);
    await deps.storage.put({ bucket, path, bytes: speech.wav, contentType: "audio/wav", signal });
    segments.push({
      segment_index,
      audio_url: path,
      format: "wav",
      duration_ms: facts.durationMs,
    });
    last = speech;
  }
  if (!last) throw new Error("A claim for audio came without segments.");
  return { provider: last.provider, version: last.version, segments };
}

/** For jobs from before any voice was chosen. */
const defaultCoach: Coach = { voice_name: "en-US-Neural2-C", language_code: "en-US" };

/** Named by its content: a late worker's audio can never replace another's under the same name. */
async function objectPath(
  claim: AudioClaim,
  segmentIndex: number,
  wav: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", wav));
  const prefix = [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
  const folder = `${claim.user_id}/${claim.analysis_job_id}/${claim.id}`;
  return `${folder}/${segmentIndex}-${prefix.join("")}.wav`;
}
