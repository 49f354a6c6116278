import type { Canvas } from "@napi-rs/canvas";
import type { Coaching } from "@sideline/contracts";
import type { SpokenRemark } from "../plan/coaching.ts";
import type { Size } from "../plan/place.ts";
import { drawLines, linesOf, padding, type TextStyle } from "./draw-text.ts";

/** What is to be read from this second of the made video up to the other one. */
export interface Caption {
  from: number;
  to: number;
  draw(): Canvas;
}

const mostLines = 3;
const accents: Partial<Record<string, string>> = {
  low: "#4ade80",
  medium: "#fbbf24",
  high: "#f87171",
};

/** A long remark is read in pages, each as long as its share of the letters. */
export function captionsOf(
  remarks: readonly SpokenRemark[],
  coaching: Coaching,
  frame: Size,
): Caption[] {
  if (!coaching.captions) return [];
  return remarks.flatMap((remark) => {
    const said = coaching.remarks.find((one) => one.feedback_id === remark.feedbackId);
    if (!said || said.message === "") return [];
    const accent = accents[said.severity ?? ""];
    const style = captionStyle(frame, accent);
    const lines = linesOf(said.message, said.language, textWidth(frame, style), style);
    const pages = Array.from({ length: Math.ceil(lines.length / mostLines) }, (_, index) =>
      lines.slice(index * mostLines, (index + 1) * mostLines),
    );
    const letters = lines.join("").length;
    let from = remark.from;
    return pages.map((page, index) => {
      const share = page.join("").length / Math.max(1, letters);
      const isLast = index === pages.length - 1;
      const to = isLast ? remark.readTo : from + (remark.readTo - remark.from) * share;
      const caption = { from, to, draw: () => drawLines(page, style) };
      from = to;
      return caption;
    });
  });
}

/** Where a caption lies: in the middle, a little above the lower edge. */
export function captionPlace(caption: Size, frame: Size): { x: number; y: number } {
  const gap = Math.round(frame.height * 0.06);
  return {
    x: Math.round((frame.width - caption.width) / 2),
    y: Math.max(0, frame.height - gap - caption.height),
  };
}

function captionStyle(frame: Size, accent: string | undefined): TextStyle {
  const size = Math.max(12, Math.round(Math.min(frame.height, frame.width) * 0.05));
  const style = { size, weight: 600, color: "#ffffff", background: "#000000b3" };
  return { ...style, align: "center", ...(accent ? { accent } : {}) };
}

function textWidth(frame: Size, style: TextStyle): number {
  return Math.max(style.size, frame.width * 0.86 - 2 * padding(style));
}
