import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

export type Format = Parameters<typeof styleText>[0];

/** Where a person reads along: a terminal, a pipe or a log. */
export interface Screen {
  /** Columns to draw in, 60 to 110. */
  width: number;
  /** Colours only where the stream is a terminal and NO_COLOR does not forbid it. */
  paint(format: Format, text: string): string;
  /** Prints a line for good. */
  line(text?: string): void;
  /** Shows a line until the next `line` or `live`; on a terminal only. */
  live(text: string): void;
}

export function createScreen(stream: WriteStream): Screen {
  const erase = stream.isTTY ? "\r\x1b[K" : "";
  let isLive = false;
  return {
    width: Math.min(110, Math.max(60, stream.columns ?? 100)),
    paint: (format, text) => styleText(format, text, { stream }),
    line(text = "") {
      stream.write(`${isLive ? erase : ""}${text}\n`);
      isLive = false;
    },
    live(text) {
      if (!stream.isTTY) return;
      stream.write(erase + shorten(text, stream.columns ?? 80));
      isLive = true;
    },
  };
}

/** A live line that wraps could not be erased again. */
function shorten(text: string, columns: number): string {
  return text.length < columns || text.includes("\x1b[") ? text : text.slice(0, columns - 1);
}
