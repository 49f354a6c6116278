import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { changedFiles, concernedTests, relatedFiles } from "./changed.ts";

const pgtap = "scripts/test/pgtap/pgtap.integration.test.ts";
const lint = "packages/migration-tools/src/lint/command.unit.test.ts";
const rules = "packages/migration-tools/src/lint/rules/rule.unit.test.ts";
const storage = "packages/local-stack/src/storage/upload.integration.test.ts";
const names = "packages/local-stack/src/storage/names.unit.test.ts";
const demo = "scripts/demo/demo.integration.test.ts";
const watch = "packages/client/src/watch.integration.test.ts";
const videos = "packages/console/src/render/videos.integration.test.ts";
const worker = "packages/render-worker/src/worker/worker.integration.test.ts";
const access = "scripts/db/access.integration.test.ts";
const integration = [storage, demo, watch, videos, worker, access];
const all = [pgtap, lint, rules, names, ...integration];

describe("a change concerns", () => {
  test.each([
    ["supabase/migrations/20260101000000_a.sql", [pgtap, lint, rules, ...integration]],
    ["supabase/seed.sql", [pgtap, lint, rules, ...integration]],
    ["supabase/tests/database/claim/caps.test.sql", [pgtap]],
    ["packages/local-stack/src/gateway.ts", [pgtap, ...integration]],
    ["supabase/functions/_shared/wake.ts", [demo, watch, videos]],
    ["packages/client/src/upload/transfer.ts", [demo, watch, videos]],
    ["packages/console/src/parts/bar.tsx", [demo, videos]],
    ["packages/console/vite.config.ts", [demo, videos]],
    ["packages/render-worker/src/plan/place.ts", [demo, videos, worker]],
    ["docs/concepts.md", [access]],
    ["packages/migration-tools/src/lint/rules/names.ts", [lint, rules]],
    ["package-lock.json", all],
    ["docs/testing.md", []],
  ])("%s: the tests that do not import it", (changed, concerned) => {
    expect(concernedTests([changed], all)).toEqual(concerned);
  });
});

test("changed files are those that differ from the commit, and new ones", () => {
  const { root, write } = repository();
  write("kept.ts");
  write("edited.ts");
  write("renamed.ts", "a file of some length\n");
  git(root, "add", ".");
  git(root, "commit", "-qm", "first");

  write("edited.ts", "other\n");
  git(root, "mv", "renamed.ts", "called.ts");
  git(root, "add", ".");
  git(root, "commit", "-qm", "second");
  write("kept.ts", "edited too\n");
  write("new file.ts");

  expect(changedFiles(root, "HEAD").sort()).toEqual(["kept.ts", "new file.ts"]);
  expect(changedFiles(root, "HEAD~1").sort()).toEqual([
    "called.ts",
    "edited.ts",
    "kept.ts",
    "new file.ts",
    "renamed.ts",
  ]);
});

test("vitest is told the changed files and the tests that they concern", () => {
  const { root, write } = repository();
  write(pgtap);
  write(names);
  git(root, "add", ".");
  git(root, "commit", "-qm", "first");

  write("supabase/tests/database/one.test.sql");

  expect(relatedFiles(root, "HEAD")).toEqual([
    join(root, "supabase/tests/database/one.test.sql"),
    join(root, pgtap),
  ]);
});

function repository() {
  const root = mkdtempSync(join(tmpdir(), "sideline changed-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  git(root, "init", "-q");
  const write = (file: string, text = "text\n") => {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  return { root, write };
}

function git(root: string, ...args: string[]): void {
  const person = ["-c", "user.name=Test", "-c", "user.email=test@sideline.test"];
  execFileSync("git", [...person, ...args], { cwd: root });
}
