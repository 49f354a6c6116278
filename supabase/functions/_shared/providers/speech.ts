import { limits } from "@sideline/contracts";
import { z } from "zod";
import { StageError } from "../errors.ts";
import { plainName } from "./plain-name.ts";
import { createProviderCall, jsonOf } from "./provider-call.ts";
import { detailOf, type ProviderFailure, readFailure, stageErrorOf } from "./provider-failure.ts";

export interface SpeechRequest {
  ssml: string;
  languageCode: string;
  voiceName: string;
  /** 1 is normal. */
  speakingRate: number;
  /** Semitones. */
  pitch: number;
  signal: AbortSignal;
}

export interface Speech {
  /** A WAV file. */
  wav: Uint8Array<ArrayBuffer>;
  /** Who spoke, for the record. */
  provider: string;
  version: string;
}

/** Cloud Text-to-Speech, `text:synthesize`. */
export interface SpeechSynthesizer {
  /** Speaks one segment. Throws StageError. */
  synthesize(request: SpeechRequest): Promise<Speech>;
}

const replySchema = z.object({ audioContent: z.string() });
const provider = "Text-to-Speech";
const timeoutMs = 60_000;
/** Bytes of an answer: the largest audio that is stored, as base64. */
const maxBytes = Math.ceil((limits.audioBytes * 4) / 3) + 1024;

export function createSpeechSynthesizer(options: {
  apiKey: string;
  baseUrl: string;
  fetch: typeof fetch;
}): SpeechSynthesizer {
  const call = createProviderCall(provider, options);
  return {
    async synthesize(request) {
      const answer = await call({
        url: `${options.baseUrl}/v1/text:synthesize`,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          input: { ssml: request.ssml },
          voice: { languageCode: request.languageCode, name: request.voiceName },
          audioConfig: {
            audioEncoding: "LINEAR16",
            speakingRate: request.speakingRate,
            pitch: request.pitch,
          },
        }),
        signal: request.signal,
        timeoutMs,
        maxBytes,
      });
      if (!answer.ok) {
        const failure = readFailure(provider, answer);
        throw refusesMarkup(failure) ? refusal(failure) : stageErrorOf(failure);
      }
      const body = jsonOf(answer);
      if (body === undefined) {
        const detail = `${provider} answered with something that is no JSON`;
        throw new StageError("provider_unavailable", "defer", { detail });
      }
      const reply = replySchema.safeParse(body);
      if (!reply.success) throw noAudio();
      return {
        wav: decodeBase64(reply.data.audioContent),
        provider: plainName(answer.headers.get("x-speech-engine"), "google-cloud-tts"),
        version: request.voiceName,
      };
    },
  };
}

/**
 * How Cloud Text-to-Speech words it that this markup will never do: "Invalid SSML…", "This request
 * contains sentences that are too long…", "…input.ssml is longer than the limit of 5000 bytes…".
 */
const markupRefusals = /invalid ssml|sentences?\b.*\btoo long|longer than the limit/is;

function refusesMarkup(failure: ProviderFailure): boolean {
  return failure.httpStatus === 400 && markupRefusals.test(failure.message);
}

function refusal(failure: ProviderFailure): StageError {
  return new StageError("ssml_refused", "send_back", { detail: detailOf(failure) });
}

function noAudio(): StageError {
  const detail = `${provider} answered without audio`;
  return new StageError("audio_invalid", "retry", { detail });
}

/** The runtimes that have `Uint8Array.fromBase64` are not yet all of ours. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw noAudio();
  }
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
