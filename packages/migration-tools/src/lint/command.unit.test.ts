import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, expect, test } from "vitest";
import { type CommandResult, runCommand } from "./command.ts";
import { squawk } from "./squawk.ts";

const directory = mkdtempSync(join(tmpdir(), "sideline lint-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** As `npm run db:lint` in that directory, without colours. */
function dbLint(...args: string[]): CommandResult {
  const result = runCommand(args, directory);
  return { ...result, stdout: stripVTControlCharacters(result.stdout) };
}

function draft(name: string, sql: string): string {
  writeFileSync(join(directory, name), sql);
  return name;
}

test("shows a draft's finding with its line, a caret below the place, and what to do", () => {
  const name = draft(
    "20991231090000_draft.sql",
    "-- A draft.\n\ncreate policy p on public.video_recordings\nfor select to authenticated using (user_id = auth.uid());\n",
  );

  const { code, stdout } = dbLint(name);

  expect(code).toBe(1);
  expect(stdout).toBe(`${join(directory, name)}
  4:46 policy-calls-once auth.uid() runs once for every row.
    │ for select to authenticated using (user_id = auth.uid());
    │                                              ^
    → Write (select auth.uid()).

1 file, 1 finding`);
});

const hasSquawk = squawk([], directory) !== null;

test.runIf(hasSquawk)("prints one JSON object for programs, squawk's findings among ours", () => {
  const name = draft(
    "20991231090001_types.sql",
    "-- A draft.\n\nalter table public.video_recordings alter column file_size type int;\n",
  );

  const { code, stdout } = dbLint("--json", name);

  expect(code).toBe(1);
  const result: unknown = JSON.parse(stdout);
  expect(result).toEqual({
    files: 1,
    findings: [
      {
        file: join(directory, name),
        line: 3,
        column: 60,
        rule: "squawk/changing-column-type",
        problem: expect.stringContaining("."),
        remedy: expect.stringContaining("."),
      },
    ],
    notes: [],
  });
});

test("says nothing of what is right, and exits with 0", () => {
  const name = draft(
    "20991231090002_right.sql",
    "-- Notes.\n\ncreate extension if not exists hstore;\n",
  );

  expect(dbLint(name)).toMatchObject({ code: 0, stdout: "1 file, 0 findings" });
});

test("main.ts hands over arguments, words and the exit code", () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));

  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "nowhere.sql"], {
    encoding: "utf8",
  });

  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("There is no file nowhere.sql.");
});

test("reads the undo beside a draft", () => {
  mkdirSync(join(directory, "migrations"));
  mkdirSync(join(directory, "rollbacks"));
  const name = "20991231090003_index.sql";
  draft(
    `migrations/${name}`,
    "-- An index.\n\ncreate index draft_idx on public.video_recordings (language);\n",
  );
  draft(`rollbacks/${name}`, "-- Undoes it.\n\ndrop index public.other_idx;\n");

  const { findings } = JSON.parse(dbLint("--json", `migrations/${name}`).stdout);

  expect(findings.map(({ rule }: { rule: string }) => rule)).toEqual([
    "rollback-undoes",
    "made-before-use",
  ]);
});

test("--help explains itself", () => {
  expect(dbLint("--help")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("npm run db:lint"),
  });
});

test.each([
  [["--josn"], "Unknown option '--josn'"],
  [["nowhere.sql"], "There is no file nowhere.sql."],
  [["."], ". is no file."],
])("bad usage %j ends with 2 and a sentence", (args, message) => {
  const { code, stdout, stderr } = dbLint(...args);

  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});
