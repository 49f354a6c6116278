import type { VideoFacts } from "../video/inspect-video.ts";
import { largest } from "../video/statistics.ts";

export interface Metric {
  metric_key: string;
  metric_value: number;
  unit: string | null;
}

/** What was measured, and only that: a clip whose motion could not be told has no burst count. */
export function measuredMetrics(facts: VideoFacts): Metric[] {
  const { motion, durationSeconds, lookedAtSeconds } = facts;
  const metrics: Metric[] = [
    metric("duration_seconds", durationSeconds, "s"),
    metric("frame_rate", facts.frameRate, "fps"),
    metric("width", facts.width, "px"),
    metric("height", facts.height, "px"),
    metric("bit_rate", Math.round((facts.sizeBytes * 8) / durationSeconds), "bit/s"),
  ];
  if (facts.rotation !== 0) metrics.push(metric("rotation", facts.rotation, "deg"));
  if (facts.audio !== null) metrics.push(metric("audio_channels", facts.audio.channels, null));
  if (lookedAtSeconds !== null && lookedAtSeconds < durationSeconds)
    metrics.push(metric("looked_at_seconds", lookedAtSeconds, "s"));
  if (motion !== null) {
    const active = motion.bursts.reduce((sum, { start, end }) => sum + end - start, 0);
    const rests = motion.rests.map(({ start, end }) => end - start);
    const ratios = motion.bursts.flatMap(({ ratio }) => ratio ?? []);
    metrics.push(
      metric("burst_count", motion.bursts.length, null),
      metric("active_seconds", active, "s"),
      metric("longest_rest_seconds", largest(rests, 0), "s"),
    );
    if (ratios.length > 0) metrics.push(metric("peak_activity_ratio", largest(ratios), "ratio"));
  }
  return metrics;
}

function metric(key: string, value: number, unit: string | null): Metric {
  return { metric_key: key, metric_value: Math.round(value * 1000) / 1000, unit };
}
