import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { Size } from "../plan/place.ts";
import { breakLines } from "./break-lines.ts";
import { familiesFor } from "./fonts.ts";

export interface TextStyle {
  size: number;
  weight: number;
  color: string;
  background: string;
  align: "start" | "center" | "end";
  /** A bar at the side where the text begins. */
  accent?: string;
}

const lineHeight = 1.35;
const measuring = createCanvas(1, 1).getContext("2d");

/** Lines of the text at most so wide, in pixels without the padding. */
export function linesOf(text: string, language: string, width: number, style: TextStyle): string[] {
  measuring.font = fontOf(text, style);
  return breakLines(text, language, width, (part) => measuring.measureText(part).width);
}

/** As many lines as fit below each other. */
export function linesWithin(height: number, style: TextStyle): number {
  return Math.max(1, Math.floor((height - padding(style)) / (style.size * lineHeight)));
}

/** The lines on a box just large enough for them, or of the size given. */
export function drawLines(lines: readonly string[], style: TextStyle, size?: Size): Canvas {
  const text = lines.join("\n");
  measuring.font = fontOf(text, style);
  const widest = Math.max(1, ...lines.map((line) => measuring.measureText(line).width));
  const space = padding(style);
  const canvas = createCanvas(
    Math.ceil(size?.width ?? widest + 2 * space),
    Math.ceil(size?.height ?? lines.length * style.size * lineHeight + space),
  );
  const context = canvas.getContext("2d");
  const isRightToLeft = readsFromTheRight(text);
  paintBox(context, canvas, style, isRightToLeft);
  context.font = fontOf(text, style);
  context.fillStyle = style.color;
  context.direction = isRightToLeft ? "rtl" : "ltr";
  context.textAlign = style.align;
  context.textBaseline = "middle";
  const left = isRightToLeft === (style.align === "end");
  const x = style.align === "center" ? canvas.width / 2 : left ? space : canvas.width - space;
  const top = (canvas.height - lines.length * style.size * lineHeight) / 2;
  lines.forEach((line, index) => {
    context.fillText(line, x, top + (index + 0.5) * style.size * lineHeight);
  });
  return canvas;
}

function paintBox(context: SKRSContext2D, size: Size, style: TextStyle, isRightToLeft: boolean) {
  const round = style.size * 0.3;
  context.fillStyle = style.background;
  context.beginPath();
  context.roundRect(0, 0, size.width, size.height, round);
  context.fill();
  if (!style.accent) return;
  const bar = Math.max(3, style.size * 0.18);
  context.save();
  context.clip();
  context.fillStyle = style.accent;
  context.fillRect(isRightToLeft ? size.width - bar : 0, 0, bar, size.height);
  context.restore();
}

export function padding(style: TextStyle): number {
  return style.size * 0.7;
}

/** By the first letter that has a direction. */
function readsFromTheRight(text: string): boolean {
  const letter = /\p{L}/u.exec(text)?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(letter);
}

function fontOf(text: string, { weight, size }: TextStyle): string {
  return `${weight} ${size}px ${familiesFor(text)}`;
}
