import type { AudioFormat } from "@sideline/contracts";
import { looksLikeMp3, readMp3, requireSound } from "./mp3.ts";
import { readWav, requireAudible } from "./wav.ts";

export interface AudioFacts {
  format: AudioFormat;
  contentType: string;
  durationMs: number;
}

/**
 * What a provider's audio is, by its bytes. Throws StageError `audio_invalid`, or `audio_silent`
 * where there is nothing to hear.
 */
export function readAudio(bytes: Uint8Array): AudioFacts {
  if (looksLikeMp3(bytes)) {
    const facts = readMp3(bytes);
    requireSound(facts);
    return { format: "mp3", contentType: "audio/mpeg", durationMs: facts.durationMs };
  }
  const facts = readWav(bytes);
  requireAudible(facts);
  return { format: "wav", contentType: "audio/wav", durationMs: facts.durationMs };
}
