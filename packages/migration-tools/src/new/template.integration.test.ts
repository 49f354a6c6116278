import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { cloneDatabase } from "@sideline/proving-ground/testing";
import { expect, inject, test } from "vitest";
import { runCommandLine, temporaryProject } from "../test-command.ts";

test("the template's examples, uncommented, keep every rule of db:lint", async () => {
  await using project = await temporaryProject();
  await using clone = await cloneDatabase(inject("stack"));
  const { stdout } = await runCommandLine("new", ["clips", "--workdir", project.directory]);
  const [migration = "", rollback = ""] = stdout
    .split("\n")
    .map((file) => path.join(project.directory, file));
  for (const file of [migration, rollback]) {
    await writeFile(file, uncommented(await readFile(file, "utf8")));
  }

  const linted = await runCommandLine("lint", [migration, "--reference", clone.url]);

  expect(linted.stdout).toContain("2 files, 0 findings");
  expect(linted.code).toBe(0);
});

/** The head and the numbered headings with their further lines stay comments. */
function uncommented(template: string): string {
  const [head = "", ...sections] = template.split("\n\n");
  const isHeading = (line: string) => /^--( \d+\. | {4}\S)/.test(line);
  const lines = sections.join("\n\n").split("\n");
  const code = lines.map((line) => (isHeading(line) ? line : line.replace(/^-- /, "")));
  return `${head}\n\n${code.join("\n")}`;
}
