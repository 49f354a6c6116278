import { SidelineError } from "@sideline/client";
import { DemoFailure, type DemoFailureResult, type DemoResult } from "./demo-result.ts";
import { runDemo } from "./run-demo.ts";
import type { Screen } from "./screen/screen.ts";

/** What a run has come to, and its exit code: 0 where every feedback is spoken. */
export interface Played {
  exitCode: 0 | 1;
  result: DemoResult | DemoFailureResult;
}

/** Runs the demo; why it failed stands on the screen. Arguments as of `runDemo`. */
export async function play(
  options: Parameters<typeof runDemo>[0],
  screen: Screen,
  boot: Parameters<typeof runDemo>[2],
): Promise<Played> {
  try {
    const result = await runDemo(options, screen, boot);
    // A remark without a word is completed, and silent.
    const isHeard = result.feedback.every(({ audioStatus }) => audioStatus === "completed");
    return { exitCode: isHeard ? 0 : 1, result };
  } catch (error) {
    const failure = error instanceof DemoFailure ? error : unexpected(error);
    screen.line(failure.message);
    return { exitCode: 1, result: failure.toResult() };
  }
}

function unexpected(error: unknown): DemoFailure {
  const code = error instanceof SidelineError ? error.code : "internal_error";
  return new DemoFailure(code, error instanceof Error ? error.message : String(error));
}
