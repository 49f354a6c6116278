/** Differences between two briefs, as a person reads them. */
import {
  type BriefChange,
  briefRuleSchema,
  type HoleValue,
  holeValueSchema,
} from "@sideline/contracts";
import { languageName } from "../home/feedback-language.ts";
import type { BriefWords } from "../words/brief-english.ts";

export interface SaidChange {
  path: string;
  label: string;
  before: string | null;
  after: string | null;
}

/** @param change of a revision's `diff` */
export function sayChange(change: BriefChange, words: BriefWords): SaidChange {
  const [, part = "", id = ""] = change.path.split("/");
  const label = words.parts[part] ?? part;
  const { path, before, after } = change;
  const question = field(after ?? before, "question");
  if (part === "holes" && typeof question === "string") {
    const [was, is] = [before, after].map((hole) => sayAnswer(hole, words));
    // The question stays, and only its answer is another.
    if (before !== null && after !== null) {
      return { path, label: question, before: was ?? null, after: is ?? null };
    }
    const asked = is || was ? `${question} ${is ?? was}` : question;
    return {
      path,
      label,
      before: before === null ? null : asked,
      after: after === null ? null : asked,
    };
  }
  if (part === "skip") {
    const name = id.replaceAll("_", " ");
    return {
      path,
      label,
      before: before === null ? null : name,
      after: after === null ? null : name,
    };
  }
  const say = (value: unknown) => sayPart(part, value, words);
  return { path, label, before: say(before), after: say(after) };
}

function sayPart(part: string, value: unknown, words: BriefWords): string | null {
  if (value === null || value === "") return null;
  if (part === "rules") {
    const rule = briefRuleSchema.omit({ id: true }).safeParse(value).data;
    if (!rule) return null;
    return rule.category
      ? `${rule.look_for} (${rule.category.replaceAll("_", " ")})`
      : rule.look_for;
  }
  const text = String(value);
  if (part === "language") return languageName(text, words.code);
  if (part === "level")
    return text in words.levels ? words.levels[text as keyof typeof words.levels] : text;
  return text;
}

function sayAnswer(hole: unknown, words: BriefWords): string | null {
  const answer = holeValueSchema.safeParse(field(hole, "answer")).data;
  const unit = field(hole, "unit");
  return answer === undefined
    ? null
    : sayValue(answer, typeof unit === "string" ? unit : null, words);
}

/** "Yes", "1,200 cm", or the words of an answer. */
export function sayValue(value: HoleValue, unit: string | null, words: BriefWords): string {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  const text = typeof value === "number" ? value.toLocaleString(words.code) : value;
  return unit ? `${text} ${unit}` : text;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (new Map(Object.entries(value)).get(name) ?? null)
    : null;
}
