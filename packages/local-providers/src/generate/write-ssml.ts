import { pausesOf, spokenParts } from "./spoken-parts.ts";

export interface SsmlOrder {
  message: string;
  drill: string | null;
  language: string;
  style: string | null;
}

/**
 * Marks up a message and its drill for speech: a paragraph each, a sentence each, a pause between
 * them, times stressed, and abbreviations that an engine would spell replaced. Words are neither
 * added nor left out, and the same order always gives the same markup.
 */
export function writeSsml(order: SsmlOrder): string {
  const { pause, drillRate } = pausesOf(order.style);
  const message = paragraph(order.message, order.language);
  const drill = order.drill?.trim() ?? "";
  if (drill === "") return `<speak>${message}</speak>`;
  const said = paragraph(drill, order.language);
  return `<speak>${message}<break time="${pause}"/><prosody rate="${drillRate}">${said}</prosody></speak>`;
}

function paragraph(text: string, language: string): string {
  const sentences = sentencesOf(text, language).map((sentence) => {
    const inner = spokenParts(sentence, language)
      .map((part) => {
        if (part.kind === "stressed") {
          return `<emphasis level="moderate">${escapeXml(part.text)}</emphasis>`;
        }
        if (part.kind === "replaced") {
          return `<sub alias="${escapeXml(part.alias)}">${escapeXml(part.text)}</sub>`;
        }
        return escapeXml(part.text);
      })
      .join("");
    return `<s>${inner}</s>`;
  });
  return `<p>${sentences.join("")}</p>`;
}

function sentencesOf(text: string, language: string): string[] {
  const sentences = [...segmenter(language).segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => sentence !== "");
  return sentences.length === 0 ? [text.trim()] : sentences;
}

function segmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: "sentence" });
  } catch {
    return new Intl.Segmenter("en", { granularity: "sentence" });
  }
}

/** Escapes markup and drops the control characters that XML has no way to write. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
