/**
 * Limits that more than one part of the system keeps. Columns and buckets carry the same numbers
 * as constraints, so a value that passes here is not refused there.
 */
export const limits = {
  /** Bytes of one video; the size limit of bucket `raw`. */
  videoBytes: 500 * 1024 * 1024,
  /** Seconds of video one analysis may cover: about what a model's context holds. */
  videoSeconds: 3600,
  /** Bytes of one piece of spoken audio. */
  audioBytes: 20 * 1024 * 1024,
  /** Pixels a side of a picture or a video that a coached video is made of, or is. */
  pictureSide: 4096,
  /** Seconds of a video that is made. */
  renderSeconds: 7200,
  /** Characters of a text element. */
  elementTextLength: 2000,
  /** Bytes of one rendered video; the size limit of bucket `processed`. */
  renderBytes: 500 * 1024 * 1024,
  /** Bytes of a picture or a sound for renders; the size limit of bucket `assets`. */
  assetBytes: 20 * 1024 * 1024,
  titleLength: 200,
  summaryLength: 4000,
  noteLength: 300,
  messageLength: 2000,
  drillLength: 2000,
  categoryLength: 40,
  /** Feedback items and metrics one analysis may bring. */
  feedbackItems: 100,
  metrics: 50,
  /** UTF-8 bytes of SSML that are parsed at all. */
  ssmlBytes: 64 * 1024,
  /** Elements inside each other; the parser's cost grows with the square of the depth. */
  ssmlDepth: 16,
  /** Seconds of silence that the SSML of a feedback may ask for in all. */
  ssmlPauseSeconds: 10,
  /** Seconds at which SSML is split: half of what the largest stored WAV holds. */
  segmentSeconds: 200,
  /** UTF-8 bytes at which SSML is split; room is left for what a provider counts otherwise. */
  ssmlSegmentBytes: 4500,
  /** UTF-8 bytes of one SSML segment; Cloud Text-to-Speech takes 5,000 including tags. */
  storedSsmlBytes: 5000,
  /** Characters of a provider's, a model's or a voice's name. */
  nameLength: 100,
} as const;

/** What a provider, a model or a voice may call itself: such is stored and shown. */
export const plainNamePattern = /^[A-Za-z0-9][A-Za-z0-9_ .:/@+-]{0,99}$/;
