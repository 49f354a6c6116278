/**
 * `npm test -- --changed`: which test files a change concerns. Vitest follows imports; what tests
 * read, start or apply without importing it is said here.
 */
import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { dirname, join, matchesGlob } from "node:path";

/** A changed file of the first kind concerns every test file of the second. */
const concerns: readonly [changed: readonly string[], tests: readonly string[]][] = [
  // The schema: the linter's tests read it too.
  [
    ["supabase/{migrations,rollbacks}/**", "supabase/seed.sql", "supabase/config.toml"],
    ["**/*.integration.test.ts", "packages/migration-tools/src/{lint,new}/**/*.test.ts"],
  ],
  [["supabase/tests/database/**"], ["scripts/test/pgtap/*.test.ts"]],
  // The stack that all integration tests share.
  [
    ["packages/local-stack/{src/**,package.json}", "scripts/test/global-setup.ts"],
    ["**/*.integration.test.ts"],
  ],
  // What runs inside of the stack, as functions and as their providers.
  [
    ["supabase/functions/**", "packages/{contracts,local-providers}/{src/**,package.json}"],
    [
      "supabase/functions/**/*.integration.test.ts",
      "scripts/{demo,smoke}/*.integration.test.ts",
      "packages/{client,console}/src/**/*.integration.test.ts",
      "packages/proving-ground/src/{chaos,queue}/*.integration.test.ts",
    ],
  ],
  // What browsers are shown, and the program that renders: both are started, not imported.
  [
    ["packages/{console,client,database}/{src/**,package.json}", "packages/console/*"],
    [
      "packages/console/src/**/*.integration.test.ts",
      "packages/client/src/readme.integration.test.ts",
      "scripts/{demo,smoke}/*.integration.test.ts",
    ],
  ],
  [
    ["packages/render-worker/{src/**,package.json}"],
    [
      "packages/{console,render-worker}/src/**/*.integration.test.ts",
      "scripts/demo/*.integration.test.ts",
    ],
  ],
  // Pages whose commands and statements are run.
  [["packages/client/README.md"], ["packages/client/src/readme.integration.test.ts"]],
  [["docs/runbooks/**"], ["scripts/report/runbooks.integration.test.ts"]],
  [["docs/concepts.md"], ["scripts/db/access.integration.test.ts"]],
  [
    ["docs/{replies,provider-errors}.md"],
    [
      "supabase/functions/ai-analyze-video/reply-forms.unit.test.ts",
      "supabase/functions/_shared/providers/faults.integration.test.ts",
    ],
  ],
  // What installs, starts and judges all the others.
  [["package.json", "package-lock.json", "vitest.config.ts", "scripts/{setup,test}/*"], ["**/*"]],
];

/** Changed files since a commit, committed or not, new ones included; relative to the root. */
export function changedFiles(root: string, since: string): string[] {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  return [
    ...git("diff", "--name-only", "--no-renames", "-z", since, "--"),
    ...git("ls-files", "--others", "--exclude-standard", "-z"),
  ];
}

/**
 * Test files that a change concerns without importing it: those in its folder and in the folders
 * above it, which may start it as a process, and those that `concerns` names.
 */
export function concernedTests(changed: readonly string[], tests: readonly string[]): string[] {
  const folders = new Set(changed.flatMap(foldersAbove));
  const patterns = concerns
    .filter(([sources]) => changed.some((file) => sources.some((glob) => matchesGlob(file, glob))))
    .flatMap(([, concerned]) => concerned);
  return tests.filter(
    (test) => folders.has(dirname(test)) || patterns.some((glob) => matchesGlob(test, glob)),
  );
}

/** Everything that vitest's `related` has to know of a change, as absolute paths. */
export function relatedFiles(root: string, since: string): string[] {
  const changed = changedFiles(root, since);
  const tests = globSync("{packages,samples,scripts,supabase}/**/*.test.ts", {
    cwd: root,
    exclude: (name) => name === "node_modules",
  });
  return [...new Set([...changed, ...concernedTests(changed, tests)])].map((file) =>
    join(root, file),
  );
}

/** From its own folder up to the one below the root. */
function foldersAbove(file: string): string[] {
  const folder = dirname(file);
  return folder === "." ? [] : [folder, ...foldersAbove(folder)];
}
