import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

/** What a suite said of a stack. */
export interface Results {
  passed: number;
  skipped: number;
  /** Full names of the tests that failed, with the first line of the reason. */
  failed: { test: string; reason: string }[];
}

const status = z.enum(["passed", "failed", "pending", "skipped", "todo", "disabled"]);
const jestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status, failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** The JSON report of Jest, which Vitest writes too. */
export async function jestResults(file: string): Promise<Results> {
  const { testResults } = jestReport.parse(JSON.parse(await readFile(file, "utf8")));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  // A file that cannot even be loaded has no tests, and failed all the same.
  const broken = testResults
    .filter(({ assertionResults, message }) => assertionResults.length === 0 && message)
    .map(({ name, message = "" }) => ({ test: name, reason: firstLine(message) }));
  const failed = tests
    .filter((test) => test.status === "failed")
    .map(({ fullName, failureMessages: [reason = ""] }) => ({
      test: fullName,
      reason: firstLine(reason),
    }));
  const passed = tests.filter((test) => test.status === "passed").length;
  return { passed, skipped: tests.length - passed - failed.length, failed: [...broken, ...failed] };
}

const realtimeReport = z.object({
  suites: z.record(
    z.string(),
    z.object({
      tests: z.array(
        z.object({ name: z.string(), passed: z.boolean(), error: z.string().nullish() }),
      ),
    }),
  ),
});

/** What `realtime-check --json` prints. */
export function realtimeResults(stdout: string): Results {
  const { suites } = realtimeReport.parse(JSON.parse(stdout));
  const tests = Object.entries(suites).flatMap(([suite, { tests }]) =>
    tests.map((test) => ({ ...test, name: `${suite}: ${test.name}` })),
  );
  const failed = tests.filter(({ passed }) => !passed);
  return {
    passed: tests.length - failed.length,
    skipped: 0,
    failed: failed.map(({ name, error }) => ({ test: name, reason: firstLine(error ?? "") })),
  };
}

function firstLine(text: string): string {
  return (stripVTControlCharacters(text).trim().split("\n")[0] ?? "").slice(0, 300);
}
