export interface BurstWords {
  /** From when to when. */
  span: string;
  /** How many times as much as at rest; null where nothing rests. */
  ratio: string | null;
}

export interface RecordingWords {
  duration: string;
  frameRate: string;
  hasSound: boolean;
}

/**
 * Everything the offline analyser can say, in one language. All of it is about how the picture
 * changes; none of it claims to know who or what is in the picture. A remark and its drill are spoken
 * in eight seconds at most: whoever watches a moment of three has no use for more.
 */
export interface Wording {
  /** The language tag's first part, lower case. */
  language: string;
  decimalMark: "." | ",";
  span(from: string, to: string): string;
  /** So many seconds. */
  seconds(number: string): string;
  title(burstCount: number | null): string;
  summaryOfBursts(words: {
    count: number;
    active: string;
    duration: string;
    strongest: string;
  }): string;
  /** For a clip in which nothing moves that stands out. */
  summaryOfNothing(words: { duration: string }): string;
  /** For a clip that moves all the time. */
  summaryOfThroughout(words: { duration: string }): string;
  /** For a clip whose pictures cannot be decoded. */
  summaryOfUnseen(words: { duration: string }): string;
  summaryOfUnknownEdits(words: { duration: string }): string;
  /** How much of a long clip was looked at. */
  lookedAt(words: { seen: string; duration: string }): string;
  /** Rules of a brief that nothing here can look for, and categories that were left out. */
  cannotLookFor(words: { rules: string }): string;
  leftOut(words: { categories: string }): string;
  burst(words: BurstWords): string;
  burstDrill: string;
  stillness(words: { span: string }): string;
  stillnessDrill: string;
  cut(words: { at: string }): string;
  recording(words: RecordingWords): string;
  recordingDrill: string;
  lowFrameRate(words: { frameRate: string }): string;
  lowFrameRateDrill: string;
  /** Of the shorter side. */
  smallPicture(words: { pixels: number }): string;
  smallPictureDrill: string;
}
