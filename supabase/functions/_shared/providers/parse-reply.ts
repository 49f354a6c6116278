import type { z } from "zod";
import { legalText } from "../legal-text.ts";

export type Parsed<T> = { ok: true; value: T } | { ok: false; faults: string[] };

/** Reads a model's JSON reply; its texts become such as can be stored. Faults are sentences that a repair call can hand to the model. */
export function parseReply<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
  let value: unknown;
  try {
    value = JSON.parse(text, (_key, part) => (typeof part === "string" ? legalText(part) : part));
  } catch {
    return { ok: false, faults: ["the reply is not JSON"] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    faults: parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "reply"}: ${issue.message}`,
    ),
  };
}
