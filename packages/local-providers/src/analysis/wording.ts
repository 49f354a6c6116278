export interface BurstWords {
  /** Seconds, already written as the language writes numbers. */
  start: string;
  end: string;
  peak: string;
  ratio: string;
  /** Which burst it is of how many, from 1. */
  number: number;
  count: number;
  isStrongest: boolean;
}

export interface RecordingWords {
  duration: string;
  width: number;
  height: number;
  frameRate: string;
  hasSound: boolean;
  rotation: number;
}

/**
 * Everything the offline analyser can say, in one language. All of it is about what the bitstream
 * shows; none of it claims to know who or what is in the picture.
 */
export interface Wording {
  /** The language tag's first part, lower case. */
  language: string;
  decimalMark: "." | ",";
  title(burstCount: number | null): string;
  summaryOfBursts(words: {
    count: number;
    active: string;
    duration: string;
    strongest: string;
  }): string;
  /** For a clip in which nothing varies reliably. */
  summaryOfNothing(words: { duration: string }): string;
  /** For a clip whose every frame is coded on its own. */
  summaryOfIntraOnly(words: { duration: string }): string;
  burst(words: BurstWords): string;
  burstDrill(words: BurstWords): string;
  stillness(words: { start: string; end: string; length: string }): string;
  stillnessDrill: string;
  cut(words: { at: string }): string;
  recording(words: RecordingWords): string;
  recordingDrill: string;
  lowFrameRate(words: { frameRate: string }): string;
  lowFrameRateDrill: string;
  smallPicture(words: { width: number; height: number }): string;
  smallPictureDrill: string;
}
