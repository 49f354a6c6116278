import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chooseFiles, passedOver, UnreadableFile } from "./read-project.ts";

test("tells of files and folders that the CLI passes over", () => {
  const root = mkdtempSync(join(tmpdir(), "sideline lint-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, "supabase", "migrations");
  mkdirSync(join(folder, "later"), { recursive: true });
  for (const name of ["20261101090000_a.sql", "20261101090100_b.SQL", ".gitkeep"]) {
    writeFileSync(join(folder, name), "");
  }

  const found = passedOver(root).map(({ rule, file }) => `${rule} ${file}`);

  expect(found.sort()).toEqual([
    "file-name supabase/migrations/20261101090100_b.SQL",
    "file-name supabase/migrations/later",
  ]);
});

test.each([
  ["nowhere.sql", "There is no file nowhere.sql."],
  [".", ". is no file."],
])("%j is refused", (name, sentence) => {
  const root = mkdtempSync(join(tmpdir(), "sideline lint-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "supabase", "migrations"), { recursive: true });

  const choice = () => chooseFiles(root, [name], root);

  expect(choice).toThrow(UnreadableFile);
  expect(choice).toThrow(sentence);
});
