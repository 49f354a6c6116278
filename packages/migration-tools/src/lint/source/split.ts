import type { Token } from "./source-file.ts";

export interface Piece {
  start: number;
  end: number;
}

/**
 * Cuts a file into its statements, without their semicolons and the comments before them. Each is
 * parsed by itself, so that one that is wrong does not hide what is wrong with the others.
 */
export function splitStatements(tokens: Token[]): Piece[] {
  const pieces: Piece[] = [];
  const code = tokens.filter(({ kind }) => kind !== "comment");
  let open: Piece | undefined;
  let depth = 0;
  // `begin atomic … end` bodies hold semicolons of their own; `case … end` may stand inside.
  let atomic = 0;
  for (const [index, token] of code.entries()) {
    const word = token.text.toLowerCase();
    if (word === ";" && depth === 0 && atomic === 0) {
      if (open) pieces.push(open);
      open = undefined;
      continue;
    }
    if (word === "(") depth += 1;
    if (word === ")") depth -= 1;
    if (word === "atomic" && code[index - 1]?.text.toLowerCase() === "begin") atomic += 1;
    else if (atomic > 0 && word === "case") atomic += 1;
    else if (atomic > 0 && word === "end") atomic -= 1;
    const start: number = open?.start ?? token.start;
    open = { start, end: token.end };
  }
  if (open) pieces.push(open);
  return pieces;
}
