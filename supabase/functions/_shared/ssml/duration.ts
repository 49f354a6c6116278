import type { SsmlElement, SsmlNode } from "./tree.ts";

/** Characters a second at a voice's own speed. Low: what is spoken must not turn out longer. */
const lettersPerSecond = 10;
/** Of scripts in which a character is a syllable or a word. */
const syllablesPerSecond = 3.5;
const syllables =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;

/** Seconds of a break by its strength, as Cloud Text-to-Speech makes them; without one, medium. */
const strengths: Record<string, number> = {
  none: 0,
  "x-weak": 0.25,
  weak: 0.25,
  medium: 0.5,
  strong: 1,
  "x-strong": 1.5,
};
const rates: Record<string, number> = {
  "x-slow": 0.5,
  slow: 0.75,
  fast: 1.25,
  "x-fast": 1.5,
};

/** Seconds of silence that the markup asks for. */
export function pauseSeconds(node: SsmlNode): number {
  if (typeof node === "string") return 0;
  if (node.name === "break") return breakSeconds(node);
  return node.children.reduce((sum, child) => sum + pauseSeconds(child), 0);
}

/** About how many seconds the markup takes to say, rather more than fewer. */
export function spokenSeconds(node: SsmlNode, speakingRate: number): number {
  if (typeof node === "string") return textSeconds(node) / speakingRate;
  if (node.name === "break") return breakSeconds(node);
  if (node.name === "sub") return textSeconds(node.attributes.alias ?? "") / speakingRate;
  const rate = speakingRate * rateOf(node);
  return node.children.reduce((sum, child) => sum + spokenSeconds(child, rate), 0);
}

function textSeconds(text: string): number {
  let seconds = 0;
  for (const character of text) {
    seconds += 1 / (syllables.test(character) ? syllablesPerSecond : lettersPerSecond);
  }
  return seconds;
}

function breakSeconds({ attributes: { time, strength } }: SsmlElement): number {
  if (time === undefined) return strengths[strength ?? "medium"] ?? 0;
  const number = Number.parseFloat(time);
  return time.endsWith("ms") ? number / 1000 : number;
}

/** Spelled out, a text takes a word for each character. */
function rateOf({ name, attributes }: SsmlElement): number {
  if (name === "say-as") return 0.2;
  const { rate } = attributes;
  if (rate === undefined) return 1;
  return rate.endsWith("%") ? Number.parseInt(rate, 10) / 100 : (rates[rate] ?? 1);
}
