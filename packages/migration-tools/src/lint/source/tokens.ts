import { scanSync } from "@libpg-query/parser";
import { characterPlaces } from "./places.ts";
import type { Token } from "./source-file.ts";

/** The words, strings and comments of a text; empty where its quotes do not end. */
export function tokensOf(text: string): Token[] {
  const place = characterPlaces(text);
  try {
    return scanSync(text).tokens.map((token) => {
      const [start, end] = [place(token.start), place(token.end)];
      const own = text.slice(start, end);
      return { start, end, text: own, kind: kindOf(token.tokenName, own) };
    });
  } catch {
    return [];
  }
}

function kindOf(name: string, text: string): Token["kind"] {
  if (name.endsWith("COMMENT")) return "comment";
  if (name.endsWith("SCONST")) return "string";
  if (/^[\p{L}_][\p{L}\d_$]*$/u.test(text)) return "word";
  return text.startsWith('"') ? "quoted" : "other";
}
