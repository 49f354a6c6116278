import { limits } from "@sideline/contracts";
import { z } from "zod";
import { StageError } from "../errors.ts";
import type { Receipt } from "../ledger/ledger.ts";
import { legalText } from "../legal-text.ts";
import type { TimePoint } from "../ssml/web-vtt.ts";
import { plainName } from "./plain-name.ts";
import { createProviderCall, jsonOf } from "./provider-call.ts";
import { detailOf, type ProviderFailure, readFailure, stageErrorOf } from "./provider-failure.ts";

export interface SpeechRequest {
  /** With `<mark>` elements where their times are wanted. */
  ssml: string;
  /** The same without markup, for a model that would read it aloud. */
  text: string;
  languageCode: string;
  voiceName: string;
  /** 1 is normal. */
  speakingRate: number;
  /** Semitones. */
  pitch: number;
  signal: AbortSignal;
}

export interface Speech {
  /** A WAV or MP3 file. */
  audio: Uint8Array<ArrayBuffer>;
  /** When the marks were spoken, as far as the provider tells. */
  times: TimePoint[];
  /** Who spoke, for the record. */
  provider: string;
  version: string;
}

/** What a provider was paid for; reading it throws StageError where there is no audio in it. */
export interface PaidSpeech {
  receipt: Receipt;
  speech(): Speech;
}

export interface SpeechSynthesizer {
  /** All of the request that decides the audio. */
  asks(request: SpeechRequest): unknown;
  /** Speaks one segment. Throws StageError where nothing is to be paid. */
  synthesize(request: SpeechRequest): Promise<PaidSpeech>;
}

export interface SpeechOptions {
  apiKey: string;
  baseUrl: string;
  /** What Cloud Text-to-Speech answers with; engines may not make each. */
  encoding: "MP3" | "LINEAR16";
  fetch: typeof fetch;
}

const replySchema = z.object({
  audioContent: z.string(),
  // Without them captions are placed by their length: no reason to pay again.
  timepoints: z
    .array(z.object({ markName: z.string().max(20), timeSeconds: z.number().default(0) }))
    .catch([]),
});
const provider = "Text-to-Speech";
const timeoutMs = 60_000;
/** Bytes of an answer: the largest audio that is stored, as base64, and the times of its marks. */
const maxBytes = Math.ceil((limits.audioBytes * 4) / 3) + 64 * 1024;

/** Cloud Text-to-Speech, `text:synthesize`; only its beta tells the times of marks. */
export function createSpeechSynthesizer(options: SpeechOptions): SpeechSynthesizer {
  const call = createProviderCall(provider, options);

  const ask = (request: SpeechRequest, name: string | undefined) =>
    call({
      url: `${options.baseUrl}/v1beta1/text:synthesize`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        input: { ssml: request.ssml },
        voice: { languageCode: request.languageCode, ...(name === undefined ? {} : { name }) },
        audioConfig: {
          audioEncoding: options.encoding,
          speakingRate: request.speakingRate,
          pitch: request.pitch,
        },
        enableTimePointing: ["SSML_MARK"],
      }),
      signal: request.signal,
      timeoutMs,
      maxBytes,
    });

  return {
    asks: ({ signal: _, text: __, ...request }) => ({
      provider: "google-cloud-tts",
      encoding: options.encoding,
      ...request,
    }),

    async synthesize(request) {
      let voice: string | undefined = request.voiceName;
      let answer = await ask(request, voice);
      if (!answer.ok && lacksVoice(readFailure(provider, answer))) {
        // Voices come and go: another one of the language will do, one of another language never.
        voice = undefined;
        answer = await ask(request, voice);
      }
      if (!answer.ok) throw errorOf(readFailure(provider, answer));
      const body = jsonOf(answer);
      if (body === undefined) {
        const detail = `${provider} answered with something that is no JSON`;
        throw new StageError("provider_unavailable", "defer", { detail });
      }
      const engine = plainName(answer.headers.get("x-speech-engine"), "google-cloud-tts");
      const version = plainName(voice, request.languageCode);
      return {
        receipt: {
          provider: engine,
          model: version,
          characters: chargedCharacters(request.ssml),
          ms: answer.ms,
        },
        speech: () => ({ ...audioOf(body), provider: engine, version }),
      };
    },
  };
}

function audioOf(body: unknown): Pick<Speech, "audio" | "times"> {
  const reply = replySchema.safeParse(body);
  if (!reply.success) throw noAudio(provider);
  return {
    audio: decodeBase64(reply.data.audioContent, provider),
    times: reply.data.timepoints.map(({ markName, timeSeconds }) => ({
      name: legalText(markName),
      seconds: timeSeconds,
    })),
  };
}

/** Of SSML every character is charged, its tags included, but for marks. */
function chargedCharacters(ssml: string): number {
  return [...ssml.replace(/<mark\b[^>]*>/g, "")].length;
}

function errorOf(failure: ProviderFailure): StageError {
  const detail = detailOf(failure);
  if (lacksVoice(failure)) return new StageError("language_not_spoken", "fail", { detail });
  if (refusesMarkup(failure)) return new StageError("ssml_refused", "send_back", { detail });
  return stageErrorOf(failure);
}

/** "Voice 'x' does not exist. Is it misspelled?", "…language code 'x'… is not supported" */
function lacksVoice({ httpStatus, message }: ProviderFailure): boolean {
  return (
    httpStatus === 400 &&
    /\bvoice\b.*\bdoes not exist\b|\blanguage\b.*\bnot supported\b/is.test(message)
  );
}

/**
 * How Cloud Text-to-Speech words it that this markup will never do: "Invalid SSML…", "This request
 * contains sentences that are too long…", "…input.ssml is longer than the limit of 5000 bytes…".
 */
const markupRefusals = /invalid ssml|sentences?\b.*\btoo long|longer than the limit/is;

function refusesMarkup(failure: ProviderFailure): boolean {
  return failure.httpStatus === 400 && markupRefusals.test(failure.message);
}

export function noAudio(provider: string): StageError {
  const detail = `${provider} answered without audio`;
  return new StageError("audio_invalid", "retry", { detail });
}

/** The runtimes that have `Uint8Array.fromBase64` are not yet all of ours. */
export function decodeBase64(text: string, provider: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw noAudio(provider);
  }
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
