import type { SsmlNode } from "./tree.ts";

/** What a listener would hear: the text, with every `sub` replaced by its alias. */
export function spokenText(node: SsmlNode): string {
  if (typeof node === "string") return node;
  if (node.name === "sub") return node.attributes.alias ?? "";
  if (node.name === "break") return " ";
  const text = node.children.map(spokenText).join("");
  return node.name === "p" || node.name === "s" ? ` ${text} ` : text;
}

/** Share of words that must be common to both texts, counted from either side. */
const leastOverlap = 0.8;

/**
 * Whether the speech says the message and not something else. Compared are words, with their
 * number, regardless of order, case and punctuation. Counting from the message's side finds what is
 * left out, from the speech's side what was put in.
 */
export function saysTheSame(spoken: string, message: string, language: string): boolean {
  const said = wordsOf(spoken, language);
  const meant = wordsOf(message, language);
  if (meant.length === 0) return said.length === 0;
  const left = new Map<string, number>();
  for (const word of meant) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of said) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    common++;
  }
  return common >= leastOverlap * meant.length && common >= leastOverlap * said.length;
}

function wordsOf(text: string, language: string): string[] {
  const words = [];
  for (const part of segmenter(language, "word").segment(text.normalize("NFKC"))) {
    if (part.isWordLike) words.push(part.segment.toLowerCase());
  }
  return words;
}

/** Languages without spaces have words too, and a tag that no browser knows must not throw. */
export function segmenter(language: string, granularity: "word" | "sentence"): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity });
  } catch {
    return new Intl.Segmenter("en", { granularity });
  }
}
