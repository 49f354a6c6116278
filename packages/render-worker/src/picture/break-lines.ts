/** Width of a text in pixels. */
export type Measure = (text: string) => number;

/** Fonts have a box for controls and for halves of letters; an override turns round what was written. */
const unseen = /[[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]--\s]|[\u202d\u202e]/gv;

/** Signs that begin what follows them, and must not end a line. */
const opens = /^[\p{Ps}\p{Pi}¿¡]$/u;

/**
 * Lines no wider than this, broken where the language allows it: at spaces in English, between
 * words in Chinese; a word that is too wide for a line is broken anywhere.
 */
export function breakLines(
  text: string,
  language: string,
  width: number,
  measure: Measure,
): string[] {
  return text
    .replace(unseen, "")
    .split(/\r\n|\r|\n/)
    .flatMap((paragraph) => fill(unbreakable(paragraph, language), width, measure))
    .filter((line) => line !== "");
}

/** Words with the signs that belong to them; white space stands alone. */
function unbreakable(paragraph: string, language: string): string[] {
  const parts: string[] = [];
  let glue = false;
  for (const { segment, isWordLike } of new Intl.Segmenter(known(language), {
    granularity: "word",
  }).segment(paragraph.replace(/\s+/g, " ").trim())) {
    const last = parts.at(-1);
    const isSign = !isWordLike && segment !== " " && !/\p{Extended_Pictographic}/u.test(segment);
    if (last !== undefined && last !== " " && (glue || (isSign && !opens.test(segment)))) {
      parts[parts.length - 1] = last + segment;
    } else {
      parts.push(segment);
    }
    glue = opens.test(segment);
  }
  return parts;
}

function fill(parts: readonly string[], width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of parts.flatMap((one) => narrow(one, width, measure))) {
    if (line !== "" && part !== " " && measure(line + part) > width) {
      lines.push(line.trim());
      line = "";
    }
    if (line !== "" || part !== " ") line += part;
  }
  return [...lines, line.trim()];
}

/** A part that fits is left whole; another is cut where it would run over. */
function narrow(part: string, width: number, measure: Measure): string[] {
  if (measure(part) <= width) return [part];
  const pieces: string[] = [];
  let piece = "";
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(
    part,
  )) {
    if (piece !== "" && measure(piece + segment) > width) {
      pieces.push(piece);
      piece = "";
    }
    piece += segment;
  }
  return [...pieces, piece];
}

/** A tag that nobody knows is no reason to show nothing. */
function known(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}
