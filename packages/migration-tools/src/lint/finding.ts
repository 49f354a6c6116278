import { lineAndColumn } from "./source/places.ts";
import type { SourceFile } from "./source/source-file.ts";

/** One thing that is wrong, and what to do about it. */
export interface Finding {
  /** As given, or relative to the project. */
  file: string;
  /** Both from 1. */
  line: number;
  column: number;
  /** Stable id of the rule, e.g. `no-do-block`. */
  rule: string;
  /** A sentence each. */
  problem: string;
  remedy: string;
}

/** What a rule reports. */
export interface Problem {
  file: SourceFile;
  /** Character of the file. */
  offset: number;
  problem: string;
  remedy: string;
}

export function findingOf(rule: string, { file, offset, problem, remedy }: Problem): Finding {
  return { file: file.path, ...lineAndColumn(file.text, offset), rule, problem, remedy };
}
