import { type AnalysisReply, analysisReplySchema } from "@sideline/contracts";
import { type Parsed, parseReply } from "../_shared/providers/parse-reply.ts";

/**
 * Reads the model's reply against the clip's measured length. A moment that reaches past the end is
 * cut there; one that begins after it is a fault of the whole reply: nothing is dropped silently.
 */
export function readReply(text: string, durationSeconds: number): Parsed<AnalysisReply> {
  const parsed = parseReply(analysisReplySchema, text);
  if (!parsed.ok) return parsed;
  const faults: string[] = [];
  const feedback = parsed.value.feedback.map((item, index) => {
    if (item.start_seconds >= durationSeconds) {
      faults.push(
        `feedback.${index}.start_seconds: is after the video's end at ${durationSeconds} seconds`,
      );
    }
    return {
      ...item,
      end_seconds: Math.min(item.end_seconds, durationSeconds),
      // An empty exercise is none.
      drill: item.drill || null,
    };
  });
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, value: { ...parsed.value, feedback } };
}
