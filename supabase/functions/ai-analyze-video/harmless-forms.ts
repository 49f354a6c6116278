import { languageTagSchema } from "@sideline/contracts";
import { z } from "zod";

/**
 * A model's reply in the one form that is checked. Only what can mean one thing is rewritten: the
 * spelling of keys and labels, times on a clock, numbers in quotes, shares in percent. Whatever
 * else is left as it is, for the check to refuse. docs/replies.md lists the forms.
 */
export function normalised(reply: unknown): unknown {
  if (!isRecord(reply)) return reply;
  const { language, confidence, metrics, feedback, ...rest } = withSnakeKeys(reply);
  return {
    ...rest,
    language: languageTag(language),
    confidence: share(confidence),
    metrics: Array.isArray(metrics) ? metrics.map(metric) : (metrics ?? []),
    feedback: Array.isArray(feedback) ? feedback.map(remark) : feedback,
  };
}

/** `EN_us` is `en-US`; what is no tag, as "English", says nothing. */
function languageTag(value: unknown): string | null {
  if (typeof value !== "string") return null;
  try {
    const [tag] = Intl.getCanonicalLocales(value.trim().replaceAll("_", "-"));
    return languageTagSchema.safeParse(tag).data ?? null;
  } catch {
    return null;
  }
}

function metric(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { metric_key, metric_value, unit, ...rest } = withSnakeKeys(value);
  return {
    ...rest,
    metric_key: label(metric_key),
    metric_value: number(metric_value),
    unit: unit === "" ? null : unit,
  };
}

function remark(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { start_seconds, end_seconds, category, severity, confidence, drill, rule_id, ...rest } =
    withSnakeKeys(value);
  return {
    ...rest,
    start_seconds: seconds(start_seconds),
    end_seconds: seconds(end_seconds),
    category: label(category),
    severity: typeof severity === "string" ? severity.trim().toLowerCase() : severity,
    confidence: share(confidence),
    rule_id: typeof rule_id === "string" && rule_id.trim() !== "" ? label(rule_id) : null,
    // An empty exercise is none.
    drill: typeof drill === "string" && drill.trim() === "" ? null : drill,
  };
}

/** `12.5`, `12.5s`, `1:02`, `01:02:03.5`. Of a clock every part but the first is below 60. */
function seconds(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const plain = /^\s*(\d{1,6}(?:\.\d{1,6})?)\s*(?:s|sec|seconds?)?\s*$/i.exec(value)?.[1];
  if (plain !== undefined) return Number(plain);
  const clock = /^\s*(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d(?:\.\d{1,6})?)\s*$/.exec(value);
  if (!clock) return value;
  const [, hours, minutes, rest] = clock;
  if (hours !== undefined && Number(minutes) > 59) return value;
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** `0.85`, `"0.85"`, `85`, `"85%"`. Between 1 and 2 nobody knows which is meant. */
function share(value: unknown): unknown {
  const percent = typeof value === "string" ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value)?.[1] : null;
  if (percent) return Number(percent) / 100;
  const plain = number(value);
  return typeof plain === "number" && plain >= 2 && plain <= 100 ? plain / 100 : plain;
}

function number(value: unknown): unknown {
  return typeof value === "string" && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
}

function label(value: unknown): unknown {
  return typeof value === "string" ? snakeCase(value) : value;
}

/** `Foot-Work`, `foot work` and `footWork` are `foot_work`. */
function snakeCase(text: string): string {
  return text
    .trim()
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
    .replace(/[\s\-./]+/g, "_")
    .toLowerCase();
}

function withSnakeKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, part]) => [snakeCase(key), part]));
}

const recordSchema = z.record(z.string(), z.unknown());

function isRecord(value: unknown): value is Record<string, unknown> {
  return recordSchema.safeParse(value).success && !Array.isArray(value);
}
