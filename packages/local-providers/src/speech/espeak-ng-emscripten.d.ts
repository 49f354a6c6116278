// The part of the package's face that is used here; it brings no types of its own.
declare module "@echogarden/espeak-ng-emscripten" {
  export interface EspeakEvent {
    type: "word" | "sentence" | "phoneme" | "mark" | "end" | "samplerate";
    /** In characters of the given text, from 1. */
    text_position: number;
    /** In milliseconds. */
    audio_position: number;
  }
  export interface EspeakWorker {
    /** 0 when the voice exists. An unknown one silently keeps the last. */
    set_voice(name: string): number;
    /** Words per minute; 175 is usual. */
    set_rate(wordsPerMinute: number): void;
    /** 0 to 99; 50 is usual. */
    set_pitch(pitch: number): void;
    get_samplerate(): number;
    /** Synchronous. The buffers are only valid inside the callback; the last one may be missing. */
    synthesize(
      text: string,
      onAudio: (audio: ArrayBuffer | undefined, events: EspeakEvent[]) => void,
    ): void;
  }
  export default function initialise(): Promise<{ eSpeakNGWorker: new () => EspeakWorker }>;
}
