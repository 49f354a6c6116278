import initialise, { type EspeakWorker } from "@echogarden/espeak-ng-emscripten";

export interface Utterance {
  /** SSML that espeak-ng understands. */
  ssml: string;
  /** An espeak-ng voice, with `+variant` if one is wanted. */
  voice: string;
  /** 1 is normal. */
  speakingRate: number;
  /** Semitones; 0 is normal. */
  pitch: number;
}

export interface Sound {
  samples: Int16Array;
  sampleRate: number;
  /** Where in the markup each word stands, in characters, and when it begins. */
  words: { at: number; seconds: number }[];
}

const USUAL_WORDS_PER_MINUTE = 175;
/** espeak-ng's pitch runs from 0 to 99; about so much of it is one semitone. */
const PITCH_PER_SEMITONE = 2.5;

/**
 * The speech engine. There is one instance, which takes 100 MB and remembers its last voice: every
 * utterance sets all it depends on and runs to its end in one go, so that callers cannot mix.
 */
export class SpeechEngine {
  #worker: Promise<EspeakWorker> | undefined;

  /**
   * Speaks a few words to nobody. WebAssembly is compiled on first use and again when it gets hot,
   * which makes the first utterances ten times slower than later ones.
   */
  async warmUp(): Promise<void> {
    const ssml =
      "<speak>A burst of movement, about 4.5 times the usual, from 12 to 15 seconds.</speak>";
    for (let round = 0; round < 6; round += 1) {
      await this.speak({ ssml, voice: "en-us", speakingRate: 1, pitch: 0 });
      // Whoever asks meanwhile comes first.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Speaks one utterance; about 25 ms a sentence, during which nothing else runs. */
  async speak(utterance: Utterance): Promise<Sound> {
    this.#worker ??= initialise().then(({ eSpeakNGWorker }) => new eSpeakNGWorker());
    return speakNow(await this.#worker, utterance);
  }
}

function speakNow(worker: EspeakWorker, utterance: Utterance): Sound {
  if (worker.set_voice(utterance.voice) !== 0) {
    throw new Error(`espeak-ng has no voice ${utterance.voice}`);
  }
  worker.set_rate(Math.round(USUAL_WORDS_PER_MINUTE * utterance.speakingRate));
  const pitch = Math.round(50 + PITCH_PER_SEMITONE * utterance.pitch);
  worker.set_pitch(Math.min(99, Math.max(0, pitch)));
  const parts: Int16Array[] = [];
  const words: Sound["words"] = [];
  worker.synthesize(utterance.ssml, (audio, events) => {
    for (const { type, text_position, audio_position } of events) {
      if (type === "word") words.push({ at: text_position - 1, seconds: audio_position / 1000 });
    }
    if (audio !== undefined && audio.byteLength > 0) parts.push(new Int16Array(audio.slice(0)));
  });
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return { samples, sampleRate: worker.get_samplerate(), words };
}
