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
