/** One thing that is said of a stretch of the video. */
export interface Remark {
  start_seconds: number;
  end_seconds: number;
  category: string;
  severity: "low" | "medium" | "high";
  confidence: number;
  message: string;
  drill: string | null;
}
