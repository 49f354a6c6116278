import { legalText } from "../legal-text.ts";
import { segmenter } from "./spoken.ts";
import type { SsmlElement } from "./tree.ts";

/** Recorded as `version` beside provider `template`; changes with the markup made here. */
export const templateVersion = "template-2";

/**
 * The markup that needs no model: the message sentence by sentence, a pause, the drill. The same
 * input gives the same markup; text goes in as text and is escaped when written.
 */
export function templateSsml(message: string, drill: string | null, language: string): SsmlElement {
  const children = [paragraph(message, language)];
  if (drill?.trim()) {
    children.push({ name: "break", attributes: { time: "500ms" }, children: [] });
    children.push(paragraph(drill, language));
  }
  return { name: "speak", attributes: {}, children };
}

/** Cloud Text-to-Speech refuses sentences of more than some hundred characters. */
const longestSentence = 300;

function paragraph(text: string, language: string): SsmlElement {
  const sentences = [...segmenter(language, "sentence").segment(legalText(text))]
    .flatMap((part) => shortened(part.segment.trim(), language))
    .filter((sentence) => sentence !== "");
  return {
    name: "p",
    attributes: {},
    children: sentences.map((sentence) => ({ name: "s", attributes: {}, children: [sentence] })),
  };
}

/** A sentence that is too long, cut between words; the words stay as they are. */
function shortened(sentence: string, language: string): string[] {
  if (sentence.length <= longestSentence) return [sentence];
  const pieces: string[] = [];
  let piece = "";
  for (const { segment } of segmenter(language, "word").segment(sentence)) {
    if (piece.length + segment.length > longestSentence) {
      pieces.push(piece.trim());
      piece = "";
    }
    piece += segment;
  }
  return [...pieces, piece.trim()];
}
