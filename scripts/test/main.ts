/**
 * `npm test`: every test there is, in one run of vitest with one summary. What it is given is
 * passed on, e.g. `npm test -- ssml`, `npm test -- --project unit -t "keeps its plan"`.
 * `--changed` runs what uncommitted changes concern, `--changed=COMMIT` those since a commit. A run
 * of many files ends with those that took longest; `--slowest=40` lists more of them.
 */
import { constants } from "node:os";
import { createVitest, parseCLI, type Vitest } from "vitest/node";
import { projectRoot } from "../project-root.ts";
import { relatedFiles } from "./changed.ts";
import { takeOwnOptions } from "./options.ts";
import { costOf, slowestTable } from "./slowest.ts";

const usualSlowest = 10;
const { slowest, rest } = takeOwnOptions(process.argv.slice(2));
const { filter, options } = parseCLI(["vitest", "run", ...rest]);
const { changed = false, ...others } = options;
if (changed !== false) {
  others.related = related(changed === true ? "HEAD" : changed);
  others.passWithNoTests = true;
}
const vitest = await createVitest("test", { ...others, watch: false });

// Vitest's own handlers exit within a millisecond and leave the stack's folder behind.
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.removeAllListeners(signal);
  process.on(signal, async () => {
    // The second one does not wait; what the stack started ends with this process all the same.
    if (isInterrupted) process.exit(128 + constants.signals[signal]);
    isInterrupted = true;
    console.log("Stopping after the tests that are running. Ctrl-C again stops at once.");
    await vitest.cancelCurrentRun("keyboard-input");
    // Closing runs the global teardown, which stops the stack.
    await vitest.close();
    process.exit(128 + constants.signals[signal]);
  });
}

let startFailures = 0;
let isNothingConcerned = false;
try {
  await vitest.start(filter);
} catch (error) {
  // The shared stack did not start, or no file fits the filter; no test of the summary says so.
  isNothingConcerned = changed !== false && isNoFileFound(error);
  startFailures = isNothingConcerned ? 0 : 1;
  if (!isNoFileFound(error)) console.error(error);
} finally {
  await vitest.close();
}
const costs = vitest.state.getTestModules().map((module) => costOf(module, projectRoot));
if (slowest !== null || costs.length > usualSlowest) {
  console.log(`${slowestTable(costs, slowest ?? usualSlowest)}\n`);
}
const { passed, failed, skipped } = count(vitest, startFailures);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 || (passed === 0 && !isNothingConcerned) ? 1 : 0;

function related(since: string): string[] {
  try {
    return relatedFiles(projectRoot, since);
  } catch (error) {
    // Git has said why.
    if (error instanceof Error && "status" in error) process.exit(2);
    throw error;
  }
}

/** Vitest has said that one itself. */
function isNoFileFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "VITEST_FILES_NOT_FOUND";
}

/** A file that could not be read, or an error outside any test, is a failure too. */
function count(
  { state }: Vitest,
  startFailures: number,
): { passed: number; failed: number; skipped: number } {
  const failed = startFailures + state.getUnhandledErrors().length;
  const totals = { passed: 0, failed, skipped: 0 };
  for (const module of state.getTestModules()) {
    totals.failed += module.errors().length;
    for (const testCase of module.children.allTests()) {
      const { state: outcome } = testCase.result();
      // A test that never got to run because the run was cut short has not passed.
      totals[outcome === "pending" ? "failed" : outcome] += 1;
    }
    for (const suite of module.children.allSuites()) totals.failed += suite.errors().length;
  }
  return totals;
}
