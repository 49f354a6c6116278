import type { Stack } from "@sideline/local-stack";

/** One thing that `npm run check` proves. */
export interface Step {
  name: string;
  /**
   * Answers with what is wrong, a line each; empty where all is well.
   * A thrown error counts as one finding.
   */
  run(context: StepContext): Promise<string[]>;
}

export interface StepContext {
  /** Mend what can be mended by a program, instead of reporting it. */
  write: boolean;
  /** A freshly migrated embedded stack, started once for all steps that ask. */
  stack(): Promise<Stack>;
}
