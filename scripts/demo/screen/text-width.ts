import { stripVTControlCharacters } from "node:util";

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const graphemes = new Intl.Segmenter();

/** Columns that a text takes on a terminal; colours take none. */
export function textWidth(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) {
    columns += wide.test(segment) ? 2 : 1;
  }
  return columns;
}

/** Fills up with spaces to `columns`; longer text stays as it is. */
export function padTo(columns: number, text: string): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

/** Breaks plain text into lines of at most `columns`, between words where it can. */
export function wrap(columns: number, text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (textWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = word;
    while (textWidth(line) > columns) {
      lines.push(line.slice(0, columns));
      line = line.slice(columns);
    }
  }
  return line ? [...lines, line] : lines;
}
