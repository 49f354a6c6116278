import {
  type Brief,
  type BriefHole,
  briefSchema,
  briefVersion,
  type DraftFindings,
  fitsHole,
  type HoleValue,
} from "@sideline/contracts";
import { jsonIn, parseValue } from "../_shared/providers/parse-reply.ts";
import { type DraftReply, draftReplySchema } from "./prompt.ts";

type Found = Pick<DraftFindings, "syntax_ok" | "schema_ok" | "rules_ok" | "faults">;

export interface BriefRead extends Found {
  /** Null where the reply has a fault. */
  brief: Brief | null;
}

/** Reads a model's reply: is it JSON, has it a brief's form, does it keep a brief's rules. */
export function readBrief(text: string, before: Brief): BriefRead {
  const none = { brief: null, syntax_ok: false, schema_ok: false, rules_ok: false };
  const json = jsonIn(text);
  if (!json.ok) return { ...none, faults: json.faults };
  const reply = parseValue(draftReplySchema, json.value);
  if (!reply.ok) return { ...none, syntax_ok: true, faults: reply.faults };
  const brief = parseValue(briefSchema, briefOf(reply.value, before));
  const found = { syntax_ok: true, schema_ok: true };
  return brief.ok
    ? { ...found, rules_ok: true, brief: brief.value, faults: [] }
    : { ...found, rules_ok: false, brief: null, faults: brief.faults };
}

/** What the owner answered stays answered, as long as the question is the same. */
function briefOf(reply: DraftReply, before: Brief) {
  const holes = reply.holes.map((hole) => {
    const options = hole.type === "choice" ? hole.options : null;
    const unit = hole.type === "number" ? hole.unit : null;
    const known = before.holes.find(({ id, type }) => id === hole.id && type === hole.type);
    const answer = known?.answer ?? null;
    return {
      ...hole,
      options,
      unit,
      default: suggestion(hole.type, hole.default),
      answer: answer !== null && fitsHole({ type: hole.type, options }, answer) ? answer : null,
    };
  });
  const kept = before.holes.filter(
    ({ id, answer }) => answer !== null && !holes.some((hole) => hole.id === id),
  );
  return { schema_version: briefVersion, ...reply, holes: [...kept, ...holes] };
}

function suggestion(type: BriefHole["type"], text: string | null): HoleValue | null {
  if (text === null || text.trim() === "") return null;
  if (type === "number") return Number.isFinite(Number(text)) ? Number(text) : text;
  if (type !== "boolean") return text;
  return /^(true|yes)$/i.test(text) ? true : /^(false|no)$/i.test(text) ? false : text;
}
