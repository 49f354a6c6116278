import {
  type AudioClaim,
  type AudioResult,
  audioFormatSchema,
  type Coach,
  limits,
  usualCoach,
} from "@sideline/contracts";
import { z } from "zod";
import { readAudio } from "../_shared/audio/audio.ts";
import { payOnce } from "../_shared/ledger/pay-once.ts";
import type { SpeechRequest, SpeechSynthesizer } from "../_shared/providers/speech.ts";
import { markCaptions } from "../_shared/ssml/caption-marks.ts";
import { parseSsml } from "../_shared/ssml/parse.ts";
import { spokenText } from "../_shared/ssml/spoken.ts";
import { byteLength, serialise } from "../_shared/ssml/tree.ts";
import { webVtt } from "../_shared/ssml/web-vtt.ts";
import type { Storage } from "../_shared/storage.ts";
import type { Attempt } from "../_shared/worker/attempt.ts";

export interface SpeakFeedbackDeps {
  speech: SpeechSynthesizer;
  storage: Pick<Storage, "put" | "exists">;
}

const bucket = "processed";

/** What the ledger keeps of a segment: where its audio lies, and what was told of it. */
const keptSchema = z.object({
  path: z.string(),
  format: audioFormatSchema,
  durationMs: z.number(),
  times: z.array(z.object({ name: z.string(), seconds: z.number() })),
  provider: z.string(),
  version: z.string(),
});
type KeptSpeech = z.infer<typeof keptSchema>;

/**
 * Speaks every SSML segment of one feedback and stores audio and captions. No result is written to
 * the database here; an object whose result is refused later is an orphan under its own content's
 * name.
 */
export async function speakFeedback(
  deps: SpeakFeedbackDeps,
  claim: AudioClaim,
  attempt: Attempt,
): Promise<AudioResult> {
  const segments: AudioResult["segments"] = [];
  let last: KeptSpeech | undefined;
  // One after the other: the worker already speaks several feedbacks side by side.
  for (const segment of claim.segments) {
    const { spoken, speech } = await speakSegment(deps, claim, segment, attempt);
    segments.push(spoken);
    last = speech;
  }
  if (!last) throw new Error("A claim for audio came without segments.");
  return { provider: last.provider, version: last.version, segments };
}

async function speakSegment(
  deps: SpeakFeedbackDeps,
  claim: AudioClaim,
  { segment_index, ssml }: AudioClaim["segments"][number],
  attempt: Attempt,
): Promise<{ spoken: AudioResult["segments"][number]; speech: KeptSpeech }> {
  const { signal } = attempt;
  const coach: Coach = claim.coach ?? usualCoach;
  const { speak, captions } = markCaptions(parseSsml(ssml), claim.language);
  const marked = serialise(speak);
  const request: SpeechRequest = {
    // Without room for the marks the captions are placed by their length.
    ssml: byteLength(marked) <= limits.storedSsmlBytes ? marked : ssml,
    text: spokenText(speak).replace(/\s+/g, " ").trim(),
    languageCode: coach.language_code,
    voiceName: coach.voice_name,
    speakingRate: coach.speaking_rate ?? 1,
    pitch: coach.pitch ?? 0,
    signal,
  };
  const folder = `${claim.user_id}/${claim.analysis_job_id}/${claim.id}`;
  const speech = await spokenOnce(deps, request, `${folder}/${segment_index}`, attempt);
  const { path, format, durationMs, times } = speech;
  const captionsPath = path.replace(/\.\w+$/, ".vtt");
  await deps.storage.put({
    bucket,
    path: captionsPath,
    bytes: new TextEncoder().encode(webVtt(captions, times, durationMs)),
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

/** The audio is stored before the ledger says so: what it names is there, or is made again. */
function spokenOnce(
  { speech: synthesizer, storage }: SpeakFeedbackDeps,
  request: SpeechRequest,
  name: string,
  { ledger }: Attempt,
): Promise<KeptSpeech> {
  return payOnce(ledger, {
    asks: synthesizer.asks(request),
    answer: keptSchema,
    holds: ({ path }) => storage.exists(bucket, path),
    async ask() {
      ledger.asking();
      const { receipt, speech } = await synthesizer.synthesize(request);
      return { receipt, reply: speech };
    },
    async read(reply) {
      const { audio, times, provider, version } = reply();
      const { format, contentType, durationMs } = readAudio(audio);
      const path = `${name}-${await contentHash(audio)}.${format}`;
      await storage.put({ bucket, path, bytes: audio, contentType, signal: request.signal });
      return { path, format, durationMs, times, provider, version };
    },
  });
}

/** Named by its content: a late worker's audio can never replace another's under the same name. */
async function contentHash(audio: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", audio));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
