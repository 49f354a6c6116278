import type { Feedback, Metric } from "./analysis-reply.ts";

/** What a result row needs to be accepted: the claimed row and the lease it was claimed under. */
export type ResultHead = {
  id: number;
  lease_token: string;
};

/** An element of `pipeline.complete_analysis(results)`. */
export type AnalysisResult = {
  title: string;
  summary: string;
  confidence: number;
  /** The model's own version text, as the reply names it. */
  model: string;
  prompt_version: string;
  /** Measured by the provider; null when it measured nothing. */
  duration_seconds: number | null;
  metrics: Metric[];
  feedback: Feedback[];
};

/** An element of `pipeline.complete_ssml(results)`. */
export type SsmlResult = {
  /** Who wrote the markup: `gemini`, or `template` when no usable reply came. */
  provider: string;
  version: string;
  segments: { segment_index: number; ssml: string }[];
};

/** An element of `pipeline.complete_audio(results)`. */
export type AudioResult = {
  provider: string;
  version: string;
  segments: {
    segment_index: number;
    /** Path in bucket `processed`. */
    audio_url: string;
    format: "wav";
    /** Measured from the audio itself. */
    duration_ms: number;
  }[];
};
