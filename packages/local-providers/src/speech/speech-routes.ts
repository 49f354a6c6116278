import { Hono } from "hono";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { requireApiKey } from "../api-key.ts";
import type { ProvidersEnv } from "../request-log.ts";
import type { Sound, SpeechEngine } from "./engine.ts";
import { amplify, resample } from "./shape-samples.ts";
import { type EspeakText, ssmlForEspeak, textForEspeak } from "./ssml-for-espeak.ts";
import { findVoice, voicesOf } from "./voices.ts";
import { encodeWav } from "./wav.ts";

/** Bytes of text or SSML that one request may hold, tags included. */
const MOST_INPUT_BYTES = 5000;
/** How this engine names itself; Cloud Text-to-Speech sends no such header. */
const ENGINE_NAME = "espeak-ng";

const synthesizeRequest = z.object({
  input: z.object({ text: z.string(), ssml: z.string() }).partial(),
  voice: z.object({ languageCode: z.string().min(2), name: z.string().optional() }),
  audioConfig: z.object({
    audioEncoding: z.string(),
    speakingRate: z.number().min(0.25).max(4).default(1),
    pitch: z.number().min(-20).max(20).default(0),
    volumeGainDb: z.number().min(-96).max(16).default(0),
    sampleRateHertz: z.number().int().min(8000).max(48_000).optional(),
  }),
  enableTimePointing: z.array(z.literal("SSML_MARK")).default([]),
});

/** Cloud Text-to-Speech: `POST /v1/text:synthesize` and `GET /v1/voices`. */
export function speechRoutes(engine: SpeechEngine): Hono<ProvidersEnv> {
  const routes = new Hono<ProvidersEnv>();
  const needKey = requireApiKey("texttospeech.googleapis.com");

  routes.post("/:version{v1beta1|v1}/text:synthesize", needKey, async (context) => {
    const body: unknown = await context.req.json().catch(() => null);
    const asked = synthesizeRequest.safeParse(body);
    if (!asked.success) throw new ApiError(400, z.prettifyError(asked.error));
    const { input, voice: wanted, audioConfig, enableTimePointing } = asked.data;
    const { ssml, marks } = readInput(input);
    const voice = findVoice(wanted.languageCode, wanted.name);
    if (voice === null) {
      const name = wanted.name ?? wanted.languageCode;
      throw new ApiError(400, `Voice '${name}' does not exist. Is it misspelled?`);
    }
    if (audioConfig.audioEncoding !== "LINEAR16") {
      throw new ApiError(
        400,
        `Offline speech is LINEAR16 (WAV) only: audioEncoding ${audioConfig.audioEncoding} is not supported.`,
      );
    }
    const { speakingRate, pitch, volumeGainDb } = audioConfig;
    const sound = await engine.speak({ ssml, voice: voice.espeak, speakingRate, pitch });
    const sampleRate = audioConfig.sampleRateHertz ?? sound.sampleRate;
    const samples = resample(amplify(sound.samples, volumeGainDb), sound.sampleRate, sampleRate);
    const audioContent = encodeWav(samples, sampleRate).toString("base64");
    // The first version of the API knows no times.
    const timed = context.req.param("version") === "v1beta1" && enableTimePointing.length > 0;
    const timepoints = timed ? { timepoints: timesOf(marks, sound.words) } : {};
    return context.json({ audioContent, ...timepoints }, 200, { "x-speech-engine": ENGINE_NAME });
  });

  routes.get("/:version{v1beta1|v1}/voices", needKey, (context) =>
    context.json({
      voices: voicesOf(context.req.query("languageCode")).map((voice) => ({
        languageCodes: [voice.languageCode],
        name: voice.name,
        ssmlGender: voice.gender,
        naturalSampleRateHertz: 22_050,
      })),
    }),
  );
  return routes;
}

function readInput({
  text,
  ssml,
}: {
  text?: string | undefined;
  ssml?: string | undefined;
}): EspeakText {
  if ((text === undefined) === (ssml === undefined)) {
    throw new ApiError(400, "Exactly one of input.text and input.ssml must be set.");
  }
  const input = ssml ?? text ?? "";
  const bytes = Buffer.byteLength(input);
  if (bytes > MOST_INPUT_BYTES) {
    throw new ApiError(
      400,
      `Either input.text or input.ssml is longer than the limit of ${MOST_INPUT_BYTES} bytes: it has ${bytes}.`,
    );
  }
  return ssml === undefined ? textForEspeak(input) : ssmlForEspeak(ssml);
}

/** A mark is reached with the first word behind it; one behind the last word has no time. */
function timesOf(marks: EspeakText["marks"], words: Sound["words"]): object[] {
  return marks.flatMap(({ name, at }) => {
    const word = words.find((candidate) => candidate.at >= at);
    return word === undefined ? [] : [{ markName: name, timeSeconds: word.seconds }];
  });
}
