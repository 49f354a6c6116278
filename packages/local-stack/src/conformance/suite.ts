import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Stack } from "../stack.ts";

/** A change to files of a copied suite: where it is, with what keys, what its fixtures need. */
export interface Edit {
  /** Paths within the suite, with slashes. */
  files: RegExp;
  from: string | RegExp;
  to: string;
}

export interface Place {
  /** The suite's copy, with its packages installed. */
  folder: string;
  stack: Stack;
  /** A file for the suite's own report. */
  report: string;
}

/** One suite that others wrote for Supabase, and what it needs to meet another stack than theirs. */
export interface Suite {
  name: string;
  /** Folder within a checkout of its repository. */
  folder: string;
  /** Folder within the suite that holds `supabase/`; null where it brings none. */
  project: string | null;
  /** Files of the checkout that the suite refers to. */
  beside?: string[];
  /** npm packages beside those that its manifest names; null leaves one of them out. */
  packages?: Record<string, string | null>;
  edits?: Edit[];
  /** Files of ours that the copy gets, by path. */
  files?: Record<string, string>;
  /** Programs to run in the copy first. */
  before?: string[][];
  /** The program and its arguments; a name without slash is one of the copy's own packages. */
  command(place: Place): string[];
  results(place: Place, stdout: string): Results | Promise<Results>;
}

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

/** What the CLI granted on new tables of `public` when these suites were written. */
export const oldGrants = `
alter default privileges in schema public
  grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public
  grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public
  grant all on sequences to anon, authenticated, service_role;
`;
