import { isReading } from "./readings.ts";
import type { SsmlElement, SsmlNode } from "./tree.ts";
import { sameWords, wordsOf } from "./words.ts";

/** What a listener would hear: the text, with every `sub` replaced by its alias. */
export function spokenText(node: SsmlNode): string {
  if (typeof node === "string") return node;
  if (node.name === "sub") return node.attributes.alias ?? "";
  if (node.name === "break") return " ";
  const text = node.children.map(spokenText).join("");
  return node.name === "p" || node.name === "s" ? ` ${text} ` : text;
}

/**
 * Whether the speech says the message, all of it and nothing else: the same words, numbers and signs
 * in the same order, whatever their case and punctuation. What is read otherwise (`sub`, `say-as`)
 * has to be a known reading.
 */
export function saysTheSame(speak: SsmlElement, message: string): boolean {
  // Nobody knows whether a voice makes one word of what stands on both sides of a tag.
  const [written, joined] = [writtenText(speak, " "), writtenText(speak, "")];
  return (
    sameWords(written, message) &&
    sameWords(joined, message) &&
    marksIn(written) <= marksIn(message) + Math.ceil(wordsOf(message).length / 2) &&
    elementsOf(speak).every(isReadAsWritten)
  );
}

const pausing = new Set(["p", "s", "break"]);

/** Of marks that pause: a row of them is silence. */
function marksIn(text: string): number {
  return text.match(/[\p{P}\n]/gu)?.length ?? 0;
}

/** What is written in it, with `gap` where words may run on. */
function writtenText(node: SsmlNode, gap: string): string {
  if (typeof node === "string") return node;
  const around = pausing.has(node.name) ? " " : gap;
  return `${around}${node.children.map((child) => writtenText(child, gap)).join("")}${around}`;
}

function isReadAsWritten({ name, attributes, children }: SsmlElement): boolean {
  const text = children.map(String).join("").trim();
  if (name === "sub") return isReading(text, attributes.alias ?? "");
  return forms.get(attributes["interpret-as"] ?? "")?.test(text) ?? true;
}

/** Readings that make something else of what is not written so: of five squats a fifth, of 1/2 a day. */
const forms = new Map([
  ["ordinal", /^\d+[^\d\s]+$/],
  ["date", /\d{4}|\d+\D+\d+\D+\d+|\p{L}{3}/u],
  ["time", /\d[:h]\d|\d\s*\p{L}/u],
  ["fraction", /^[\d\s]+\/\d+$/],
]);

function elementsOf(node: SsmlNode): SsmlElement[] {
  return typeof node === "string" ? [] : [node, ...node.children.flatMap(elementsOf)];
}

/** Of a language; a tag that nobody knows must not throw. */
export function segmenter(language: string, granularity: "word" | "sentence"): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity });
  } catch {
    return new Intl.Segmenter("en", { granularity });
  }
}
