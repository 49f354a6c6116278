import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { UsageError } from "./run-command.ts";

export interface Confirmation {
  /** What is about to happen, as a question without its answer: `Reset db.example.com?`. */
  question: string;
  /** `--yes` was given: nobody is asked. */
  yes: boolean;
}

/**
 * Asks before data can be lost. Where nobody can answer, a missing `--yes` is wrong usage: a
 * pipeline must neither hang on a question nor go on without an answer.
 * @returns whether to go on
 * @throws UsageError where stdin is no terminal
 */
export async function confirm({ question, yes }: Confirmation): Promise<boolean> {
  if (yes) return true;
  if (process.stdin.isTTY !== true) {
    throw new UsageError(
      `${question} Nobody can answer here, and nothing was changed: add --yes to go on.`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-C and Ctrl-D close the terminal; by Node's version the question fails then or just stays.
    const closed = once(terminal, "close").then(() => "");
    const asked = terminal.question(`${question} [y/N] `).catch(() => "");
    const answer = await Promise.race([asked, closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
