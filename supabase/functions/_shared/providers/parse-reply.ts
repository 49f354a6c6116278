import type { z } from "zod";
import { legalText } from "../legal-text.ts";

export type Parsed<T> = { ok: true; value: T } | { ok: false; faults: string[] };

/** Reads a model's reply. Faults are sentences that a repair call can hand to the model. */
export function parseReply<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
  const json = jsonIn(text);
  return json.ok ? parseValue(schema, json.value) : json;
}

/** The same of JSON that has been read already. */
export function parseValue<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    faults: parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "reply"}: ${issue.message}`,
    ),
  };
}

/**
 * The one JSON value of a reply, out of a code fence or the prose around it, and out of an array
 * that holds nothing else. Its texts become such as can be stored.
 */
export function jsonIn(text: string): Parsed<unknown> {
  for (const candidate of [text, unfenced(text), withoutProse(text)]) {
    if (candidate === null) continue;
    try {
      const value: unknown = JSON.parse(candidate, (_key, part) =>
        typeof part === "string" ? legalText(part) : part,
      );
      return { ok: true, value: Array.isArray(value) && value.length === 1 ? value[0] : value };
    } catch {
      // The next form may be it.
    }
  }
  return { ok: false, faults: ["the reply is not JSON"] };
}

/** What is in the reply's code fence, if it has one and no more. */
export function unfenced(text: string): string | null {
  const parts = text.split(/^[ \t]*```[^\n]*$/m);
  return parts.length === 3 ? (parts[1] ?? null) : null;
}

/** Footnotes, times in brackets and the like, before it is given up. */
const mostBrackets = 50;

/** What is in brackets and is JSON with an object in it; null when there is none, or more than one. */
function withoutProse(text: string): string | null {
  let found: string | null = null;
  let at = 0;
  for (let tries = 0; tries < mostBrackets; tries++) {
    const start = at + text.slice(at).search(/[[{]/);
    if (start < at) return found;
    const end = closingBracket(text, start);
    if (end === null) return null;
    const part = text.slice(start, end);
    if (!holdsObject(part)) {
      at = start + 1;
      continue;
    }
    if (found !== null) return null;
    found = part;
    at = end;
  }
  return null;
}

function holdsObject(part: string): boolean {
  try {
    const value: unknown = JSON.parse(part);
    return !Array.isArray(value) || value.some((one) => typeof one === "object");
  } catch {
    return false;
  }
}

/** Behind the bracket that closes the one at `start`; null when none does. */
function closingBracket(text: string, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return null;
}
