import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Ended, runCommandLine } from "../test-command.ts";
import { squawk } from "./squawk.ts";

const directory = mkdtempSync(join(tmpdir(), "sideline lint-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function dbLint(...args: string[]): Promise<Ended> {
  return runCommandLine("lint", args, directory);
}

function draft(name: string, sql: string): string {
  writeFileSync(join(directory, name), sql);
  return name;
}

test("shows a draft's finding with its line, a caret below the place, and what to do", async () => {
  const name = draft(
    "20991231090000_draft.sql",
    "-- A draft.\n\ncreate policy p on public.video_recordings\nfor select to authenticated using (user_id = auth.uid());\n",
  );

  const { code, stdout } = await dbLint(name);

  expect(code).toBe(1);
  expect(stdout.trimEnd()).toBe(`${join(directory, name)}
  4:46 policy-calls-once auth.uid() runs once for every row.
    │ for select to authenticated using (user_id = auth.uid());
    │                                              ^
    → Write (select auth.uid()).

1 file, 1 finding`);
});

const hasSquawk = squawk([], directory) !== null;

test.runIf(hasSquawk)(
  "prints one JSON object for programs, squawk's findings among ours",
  async () => {
    const name = draft(
      "20991231090001_types.sql",
      "-- A draft.\n\nalter table public.video_recordings alter column file_size type int;\n",
    );

    const { code, stdout } = await dbLint("--json", name);

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
  },
);

test("says nothing of what is right, and exits with 0", async () => {
  const name = draft(
    "20991231090002_right.sql",
    "-- Notes.\n\ncreate extension if not exists hstore;\n",
  );

  expect(await dbLint(name)).toMatchObject({ code: 0, stdout: "1 file, 0 findings\n" });
});

test("reads the undo beside a draft", async () => {
  mkdirSync(join(directory, "migrations"));
  mkdirSync(join(directory, "rollbacks"));
  const name = "20991231090003_index.sql";
  draft(
    `migrations/${name}`,
    "-- An index.\n\ncreate index draft_idx on public.video_recordings (language);\n",
  );
  draft(`rollbacks/${name}`, "-- Undoes it.\n\ndrop index public.other_idx;\n");

  const { stdout } = await dbLint("--json", `migrations/${name}`);
  const { findings } = JSON.parse(stdout);

  expect(findings.map(({ rule }: { rule: string }) => rule)).toEqual([
    "rollback-undoes",
    "made-before-use",
  ]);
});

test("--help explains itself", async () => {
  expect(await dbLint("--help")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("npm run db:lint"),
  });
});

test.each([
  [["--josn"], "Unknown option '--josn'"],
  [["nowhere.sql"], "There is no file nowhere.sql."],
  [["."], ". is no file."],
])("bad usage %j ends with 2 and a sentence", async (args, message) => {
  const { code, stdout, stderr } = await dbLint(...args);

  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});
