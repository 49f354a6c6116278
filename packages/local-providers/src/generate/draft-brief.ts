import { type DraftWords, draftWords } from "./draft-words.ts";

/** The form that the functions ask for; every suggestion is a text. */
export interface DraftedBrief {
  goal: string;
  language: string;
  audience: string | null;
  level: string | null;
  rules: { id: string; look_for: string; category: string | null }[];
  skip: string[];
  holes: DraftedHole[];
}

interface DraftedHole {
  id: string;
  type: string;
  question: string;
  options: string[] | null;
  unit: string | null;
  required: boolean;
  default: string | null;
}

const mostRules = 16;

/**
 * A brief out of templates: the request is cut at its commas, and each part is sorted by its first
 * words. Nothing is understood and nothing is added, but for a rule on the strongest movement, which
 * the offline analysis can follow, and questions on what the request does not say.
 */
export function draftBrief(request: string): DraftedBrief {
  const words = wordsFor(request);
  const brief: DraftedBrief = {
    ...{ goal: "", language: words.language, audience: null, level: levelIn(request, words) },
    ...{ rules: [], skip: [], holes: [] },
  };
  for (const part of partsOf(request)) sort(part, brief, words);
  brief.goal = shortened(brief.rules[0]?.look_for ?? request.trim(), 250);
  if (!brief.skip.includes("movement")) {
    brief.rules.push({ id: "strongest_movement", look_for: words.movement, category: "movement" });
  }
  brief.holes = holesFor(brief, words);
  return brief;
}

function partsOf(request: string): string[] {
  return request
    .split(/[,;.!?\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function sort(part: string, brief: DraftedBrief, words: DraftWords): void {
  const skipped = words.skip.exec(part)?.groups?.what;
  const audience = words.audience.exec(part)?.groups?.who;
  if (skipped) {
    const category = snakeCase(words.category[snakeCase(skipped)] ?? skipped);
    if (!brief.skip.includes(category)) brief.skip.push(category);
  } else if (audience && brief.audience === null) {
    brief.audience = shortened(audience, 120);
  } else if (brief.rules.length < mostRules) {
    const base = snakeCase(part);
    const taken = brief.rules.filter(({ id }) => id.startsWith(base)).length;
    brief.rules.push({
      id: taken === 0 ? base : `${base.slice(0, 36)}_${taken + 1}`,
      look_for: shortened(part, 250),
      category: categoryOf(part, words),
    });
  }
}

/** What is said of the recording or of movement can be measured; the rest has no category yet. */
function categoryOf(part: string, words: DraftWords): string | null {
  const found = part
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .map((word) => words.category[word])
    .find((category) => category !== undefined);
  return found ?? null;
}

function levelIn(request: string, words: DraftWords): string | null {
  return words.levels.find(([pattern]) => pattern.test(request))?.[1] ?? null;
}

function holesFor(brief: DraftedBrief, words: DraftWords): DraftedHole[] {
  const none = { options: null, unit: null, required: false, default: null };
  const holes: DraftedHole[] = [];
  if (brief.level === null) {
    holes.push({
      ...{ ...none, id: "level", type: "choice", question: words.askLevel, required: true },
      ...{ options: words.levelOptions, default: words.levelOptions[0] ?? null },
    });
  }
  if (brief.audience === null) {
    holes.push({ ...none, id: "audience", type: "text", question: words.askAudience });
  }
  holes.push(
    { ...none, id: "most_remarks", type: "number", question: words.askMost, default: "5" },
    { ...none, id: "with_drills", type: "boolean", question: words.askDrills, default: "true" },
  );
  return holes;
}

function wordsFor(request: string): DraftWords {
  const counts = draftWords.map((words) => (request.match(words.telltale) ?? []).length);
  const most = Math.max(...counts);
  return draftWords[most === 0 ? 0 : counts.indexOf(most)] ?? english();
}

function english(): DraftWords {
  const [first] = draftWords;
  if (!first) throw new Error("There are no words to draft with.");
  return first;
}

function snakeCase(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[_0-9]+|_+$/g, "")
    .slice(0, 38);
  return plain === "" ? "rule" : plain;
}

function shortened(text: string, most: number): string {
  return [...text].slice(0, most).join("");
}
