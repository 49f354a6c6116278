import type { Metric } from "./metrics.ts";

/** One thing that is said of a stretch of the video. */
export interface Remark {
  start_seconds: number;
  end_seconds: number;
  category: string;
  severity: "low" | "medium" | "high";
  confidence: number;
  message: string;
  drill: string | null;
  /** Rule of the brief that it comes from. */
  rule_id?: string | null;
}

/** The reply to an analysis, in the shape the functions ask for. */
export interface Report {
  title: string;
  summary: string;
  /** What it is written in, which need not be what was asked for. */
  language: string;
  confidence: number;
  metrics: Metric[];
  feedback: Remark[];
}
