/**
 * Draws what a command printed as an SVG, for the README:
 * `FORCE_COLOR=1 npm run --silent demo | node scripts/demo/draw-terminal.ts "npm run demo" > docs/demo.svg`
 */
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { textWidth } from "./screen/text-width.ts";

const fontSize = 13;
const columnWidth = 7.83;
const lineHeight = 18;
const margin = 18;

/** SGR codes that the demo uses; 22 and 39 end them. */
const colours: Record<string, string> = {
  "2": "#7d8590",
  "31": "#ff7b72",
  "32": "#56d364",
  "33": "#e3b341",
  "36": "#56d4dd",
};
const plain = "#e6edf3";

/** @param output lines with ANSI colours */
export function drawTerminal(command: string, output: string): string {
  const lines = [`\x1b[32m$\x1b[39m ${command}`, "", ...output.trimEnd().split(/\r?\n/)];
  const columns = Math.max(...lines.map(textWidth));
  const width = Math.ceil(columns * columnWidth + 2 * margin);
  const height = lines.length * lineHeight + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="What ${escapeXml(command)} prints">`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontSize}">`,
    ...lines.flatMap(drawLine),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Each stretch of one colour is placed by its column: fonts differ in the width of blocks. */
function drawLine(line: string, index: number): string[] {
  const y = margin + (index + 0.75) * lineHeight;
  const drawn: string[] = [];
  let colour = plain;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
  for (const piece of line.split(/(\x1b\[\d+m|\s{2,})/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const code = /^\x1b\[(\d+)m$/.exec(piece)?.[1];
    if (code) {
      colour = colours[code] ?? plain;
      continue;
    }
    const columns = textWidth(piece);
    const word = piece.trim();
    if (word) {
      const indent = piece.length - piece.trimStart().length;
      const x = margin + (column + indent) * columnWidth;
      const length = textWidth(word) * columnWidth;
      drawn.push(
        `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}" textLength="${length.toFixed(1)}" lengthAdjust="spacingAndGlyphs">${escapeXml(word)}</text>`,
      );
    }
    column += columns;
  }
  return drawn;
}

function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(drawTerminal(process.argv[2] ?? "", await text(process.stdin)));
}
