import {
  type AnalysisReply,
  analysisReplySchema,
  type Brief,
  type Feedback,
  feedbackSchema,
  limits,
  type Metric,
  metricSchema,
} from "@sideline/contracts";
import { z } from "zod";
import { jsonIn, type Parsed, parseValue } from "../_shared/providers/parse-reply.ts";
import { normalised } from "./harmless-forms.ts";

export interface ReplyRead {
  value: AnalysisReply;
  /** What had to be left out because it breaks the rules, for a repair call; none is a whole reply. */
  faults: string[];
  /** The same in one sentence for the job. */
  note: string | null;
  /** Most of the remarks are good. */
  mostlyGood: boolean;
}

const listsSchema = z.object({ metrics: z.array(z.unknown()), feedback: z.array(z.unknown()) });
const frameSchema = analysisReplySchema.omit({ metrics: true, feedback: true });

/**
 * Reads the model's reply against the clip's measured length. A moment that reaches past the end is
 * cut there. A remark or a metric that breaks the rules is left out, and the job says so; a reply
 * whose remarks all do, or that has no title and summary, is not ok.
 */
export function readReply(
  text: string,
  durationSeconds: number,
  brief: Brief | null = null,
): Parsed<ReplyRead> {
  const json = jsonIn(text);
  if (!json.ok) return json;
  const reply = normalised(json.value);
  const frame = parseValue(frameSchema.and(listsSchema), reply);
  if (!frame.ok) return frame;
  const remarks = followed(readRemarks(frame.value.feedback, durationSeconds), brief);
  const metrics = readMetrics(frame.value.metrics);
  const faults = [...remarks.faults, ...metrics.faults];
  if (remarks.good.length === 0 && remarks.faults.length > 0) return { ok: false, faults };
  const { title, summary, language, confidence } = frame.value;
  const value = {
    title,
    summary,
    language,
    confidence,
    metrics: metrics.good,
    feedback: remarks.good,
  };
  const given = { ...frame.value, feedback: frame.value.feedback.slice(remarks.skipped) };
  return {
    ok: true,
    value: {
      value,
      faults,
      note: noteOf(given, value, remarks.skipped),
      mostlyGood: remarks.good.length * 2 >= given.feedback.length,
    },
  };
}

interface Sorted<T> {
  good: T[];
  faults: string[];
}

function readRemarks(list: readonly unknown[], durationSeconds: number): Sorted<Feedback> {
  const sorted: Sorted<Feedback> = { good: [], faults: [] };
  for (const [index, one] of list.entries()) {
    const remark = parseValue(feedbackSchema, one);
    const place = `feedback.${index}`;
    if (!remark.ok) {
      sorted.faults.push(...remark.faults.map((fault) => `${place}.${fault}`));
    } else if (remark.value.start_seconds >= durationSeconds) {
      sorted.faults.push(
        `${place}.start_seconds: is after the video's end at ${durationSeconds} seconds`,
      );
    } else if (sorted.good.length === limits.feedbackItems) {
      sorted.faults.push(`${place}: there may be ${limits.feedbackItems} remarks`);
    } else {
      const end_seconds = Math.min(remark.value.end_seconds, durationSeconds);
      sorted.good.push({ ...remark.value, end_seconds });
    }
  }
  return sorted;
}

/** What the brief says to skip is left out; a rule that it does not have is none. */
function followed(remarks: Sorted<Feedback>, brief: Brief | null) {
  const kept = remarks.good.filter(({ category }) => !brief?.skip.includes(category));
  const rules = new Set(brief?.rules.map(({ id }) => id));
  const good = kept.map((remark) => {
    const isKnown = remark.rule_id !== null && rules.has(remark.rule_id);
    return isKnown ? remark : { ...remark, rule_id: null };
  });
  return { good, faults: remarks.faults, skipped: remarks.good.length - kept.length };
}

function readMetrics(list: readonly unknown[]): Sorted<Metric> {
  const sorted: Sorted<Metric> = { good: [], faults: [] };
  for (const [index, one] of list.entries()) {
    const metric = parseValue(metricSchema, one);
    const place = `metrics.${index}`;
    if (!metric.ok) {
      sorted.faults.push(...metric.faults.map((fault) => `${place}.${fault}`));
    } else if (sorted.good.some(({ metric_key }) => metric_key === metric.value.metric_key)) {
      sorted.faults.push(`${place}.metric_key: must be unique`);
    } else if (sorted.good.length === limits.metrics) {
      sorted.faults.push(`${place}: there may be ${limits.metrics} metrics`);
    } else {
      sorted.good.push(metric.value);
    }
  }
  return sorted;
}

function noteOf(
  given: { feedback: unknown[]; metrics: unknown[] },
  kept: Pick<AnalysisReply, "feedback" | "metrics">,
  skipped: number,
): string | null {
  const counts = [
    ["remarks", given.feedback.length, kept.feedback.length] as const,
    ["measurements", given.metrics.length, kept.metrics.length] as const,
  ].filter(([, all, good]) => good < all);
  const parts = counts.map(([what, all, good]) => `${all - good} of ${all} ${what}`);
  const sentences = [
    ...(parts.length > 0 ? [`Left out because they broke the rules: ${parts.join(" and ")}.`] : []),
    ...(skipped > 0 ? [`Left out because the brief skips them: ${skipped} remarks.`] : []),
  ];
  return sentences.length > 0 ? sentences.join(" ") : null;
}
