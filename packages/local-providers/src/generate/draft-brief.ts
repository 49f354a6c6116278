import { type DraftedHole, holesFor } from "./draft-holes.ts";
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

/** The brief as it is, of which the rules and what is skipped stay. */
type Before = Partial<Pick<DraftedBrief, "audience" | "level" | "rules" | "skip">>;

/** A brief may have 20 rules and 16 kB; one rule is added below. */
const most = { rules: 19, skip: 20, characters: 250, audience: 120, bytes: 11_000 };

/**
 * A brief out of templates: the request is cut at its commas, and each part is sorted by its first
 * words. Nothing is understood and nothing is added, but for a rule on the strongest movement, which
 * the offline analysis can follow, and questions on what the request does not say. What finds no
 * place is asked for again, in a question.
 */
export function draftBrief(request: string, before: Before = {}): DraftedBrief {
  const words = wordsFor(request);
  const { audience = null, level = null, rules = [], skip = [] } = before;
  const brief: DraftedBrief = {
    ...{ goal: "", language: words.language, audience, level: levelIn(request, words) ?? level },
    ...{ rules: [...rules], skip: [...skip], holes: [] },
  };
  const left = partsOf(request).filter((part) => !sort(part, brief, words));
  brief.goal = brief.rules[0]?.look_for ?? shortened(request.trim(), most.characters);
  const movement = { look_for: words.movement, category: "movement" };
  if (!brief.skip.includes("movement") && !has(brief, movement.look_for)) {
    brief.rules.push({ id: freeId("strongest_movement", brief), ...movement });
  }
  brief.holes = holesFor(brief, words, left);
  return brief;
}

/** At commas and the like, but not inside of numbers; what is longer than a rule at a space. */
function partsOf(request: string): string[] {
  return request
    .split(/[;!?\n…、。，；！？،؛؟।]+|[,.](?!\d)/)
    .flatMap((part) => part.trim().match(/\S(?:.{0,248}(?!\S)|.{0,249})/gsu) ?? [])
    .map((part) => part.trim());
}

/** @returns whether it found a place */
function sort(part: string, brief: DraftedBrief, words: DraftWords): boolean {
  const skipped = words.skip.exec(part)?.groups?.what;
  const audience = words.audience.exec(part)?.groups?.who;
  if (skipped) {
    const category = categoryOf(skipped, words) ?? snakeCase(skipped);
    if (brief.skip.includes(category)) return true;
    return brief.skip.length < most.skip && brief.skip.push(category) > 0;
  }
  if (audience && (brief.audience === null || brief.audience === audience)) {
    brief.audience = shortened(audience, most.audience);
    return true;
  }
  if (has(brief, part)) return true;
  const bytes = Buffer.byteLength(JSON.stringify(brief.rules) + part);
  if (brief.rules.length >= most.rules || bytes > most.bytes) return false;
  const id = freeId(snakeCase(part), brief);
  brief.rules.push({ id, look_for: part, category: categoryOf(part, words) });
  return true;
}

function has({ rules }: DraftedBrief, wanted: string): boolean {
  return rules.some(({ look_for }) => look_for.toLowerCase() === wanted.toLowerCase());
}

/**
 * Where a rule asks for movement, rest, cuts or the recording, and for nothing else. "Movement of
 * the left arm" has no category: nobody offline sees an arm.
 */
function categoryOf(part: string, words: DraftWords): string | null {
  const spoken = part.toLowerCase().match(/\p{L}+/gu) ?? [];
  const telling = spoken.filter((word) => !words.vague.test(word));
  const categories = new Set(telling.map((word) => words.category[word]));
  return categories.size === 1 ? ([...categories][0] ?? null) : null;
}

function levelIn(request: string, words: DraftWords): string | null {
  return words.levels.find(([pattern]) => pattern.test(request))?.[1] ?? null;
}

/** By the words that only one language has; the first one where nothing tells. */
function wordsFor(request: string): DraftWords {
  const [first, ...others] = draftWords;
  const count = ({ telltale }: DraftWords) => (request.match(telltale) ?? []).length;
  return others.reduce((best, words) => (count(words) > count(best) ? words : best), first);
}

function freeId(wanted: string, { rules }: DraftedBrief): string {
  const taken = new Set(rules.map(({ id }) => id));
  let id = wanted;
  for (let i = 2; taken.has(id); i += 1) id = `${wanted.slice(0, 36)}_${i}`;
  return id;
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

function shortened(text: string, characters: number): string {
  return [...text].slice(0, characters).join("");
}
