import type { SsmlElement, SsmlNode } from "./tree.ts";

/** What a listener would hear: the text, with every `sub` replaced by its alias. */
export function spokenText(node: SsmlNode): string {
  return textOf(node, (sub) => sub.attributes.alias ?? "");
}

/**
 * Whether the speech says the message, all of it and nothing else: the same words in the same
 * order, whatever their case and punctuation. What is read otherwise (`sub`) has to be an
 * abbreviation or a number, and its reading short and of the same number.
 */
export function saysTheSame(speak: SsmlElement, message: string): boolean {
  const written = textOf(speak, (sub) => sub.children.map(String).join(""));
  return sameWords(written, message) && subsOf(speak).every(isReading);
}

function sameWords(one: string, other: string): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)];
  // Where words are not written apart, a pause between two letters is no other word.
  return unspaced.test(other)
    ? words.join("") === others.join("")
    : words.length === others.length && words.every((word, at) => word === others[at]);
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function wordsOf(text: string): string[] {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== "");
}

/** `4.0 s` read as "4 seconds", `fps` as "frames per second"; never a word as another one. */
function isReading(sub: SsmlElement): boolean {
  const text = sub.children.map(String).join("").trim();
  const alias = sub.attributes.alias ?? "";
  const isShort = text.length <= 16 && alias.length <= 40 && wordsOf(alias).length <= 5;
  const isWord = /(?!\p{Lu}{4,6}(?!\p{L}))\p{L}{4,}/u.test(text);
  const numbers = numbersIn(alias);
  const isSameNumber = numbers.length === 0 || numbers.join(" ") === numbersIn(text).join(" ");
  return isShort && !isWord && isSameNumber && wordsOf(alias).length > 0;
}

function numbersIn(text: string): number[] {
  return (text.match(/\d+(?:[.,]\d+)?/g) ?? []).map((number) => Number(number.replace(",", ".")));
}

function subsOf(node: SsmlNode): SsmlElement[] {
  if (typeof node === "string") return [];
  return node.name === "sub" ? [node] : node.children.flatMap(subsOf);
}

function textOf(node: SsmlNode, ofSub: (sub: SsmlElement) => string): string {
  if (typeof node === "string") return node;
  if (node.name === "sub") return ofSub(node);
  if (node.name === "break") return " ";
  const text = node.children.map((child) => textOf(child, ofSub)).join("");
  return node.name === "p" || node.name === "s" ? ` ${text} ` : text;
}

/** Of a language; a tag that nobody knows must not throw. */
export function segmenter(language: string, granularity: "word" | "sentence"): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity });
  } catch {
    return new Intl.Segmenter("en", { granularity });
  }
}
