import { type Brief, type BriefRule, briefLimits, type Session } from "@sideline/contracts";

/** A brief as it was typed, in the form in which it is kept: without blanks and empty rules. */
export function cleanBrief(typed: Brief): Brief {
  return {
    ...typed,
    goal: typed.goal.trim(),
    audience: typed.audience?.trim() || null,
    rules: typed.rules.flatMap(({ id, look_for, category }) => {
      const text = look_for.trim();
      return text === "" ? [] : [{ id, look_for: text, category: categoryOf(category ?? "") }];
    }),
  };
}

/** A category as it is kept: "Toss height" is toss_height. Null where nothing is left of it. */
export function categoryOf(text: string): string | null {
  const plain = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[_0-9]+|_+$/g, "")
    .slice(0, 40);
  return plain === "" ? null : plain;
}

/** Its id is nobody's else, also not that of a rule that was removed: remarks are counted by it. */
export function newRule(): BriefRule {
  return { id: `rule_${crypto.randomUUID().slice(0, 8)}`, look_for: "", category: null };
}

/** What a session is called: by its owner, or by what they asked for. */
export function nameOf({ title, request }: Pick<Session, "title" | "request">): string | null {
  return title.trim() || request.trim() || null;
}

export const mostRules = briefLimits.rules;
