import { z } from "zod";
import { StageError } from "../errors.ts";
import {
  type ProviderFailure,
  readFailure,
  stageErrorOf,
  unreachable,
} from "./provider-failure.ts";

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

export function createSpeechSynthesizer(options: {
  apiKey: string;
  baseUrl: string;
  fetch: typeof fetch;
}): SpeechSynthesizer {
  return {
    async synthesize(request) {
      let response: Response;
      try {
        response = await options.fetch(`${options.baseUrl}/v1/text:synthesize`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-goog-api-key": options.apiKey },
          body: JSON.stringify({
            input: { ssml: request.ssml },
            voice: { languageCode: request.languageCode, name: request.voiceName },
            audioConfig: {
              audioEncoding: "LINEAR16",
              speakingRate: request.speakingRate,
              pitch: request.pitch,
            },
          }),
          signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
        });
        if (!response.ok) {
          const failure = await readFailure(provider, response);
          throw refusesMarkup(failure) ? refusal(failure) : stageErrorOf(failure);
        }
        const reply = replySchema.safeParse(await response.json());
        if (!reply.success) throw noAudio();
        return {
          wav: decodeBase64(reply.data.audioContent),
          provider: response.headers.get("x-speech-engine") ?? "google-cloud-tts",
          version: request.voiceName,
        };
      } catch (error) {
        if (error instanceof StageError) throw error;
        request.signal.throwIfAborted();
        throw unreachable(provider, error);
      }
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
  return new StageError(`${provider} cannot speak this: ${failure.message}`, {
    code: "ssml_refused",
    fate: "send_back",
  });
}

function noAudio(): StageError {
  return new StageError(`${provider} answered without audio.`, {
    code: "audio_invalid",
    fate: "retry",
  });
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
