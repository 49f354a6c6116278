/** Migrations that people have lost days to; each is stopped, and told what to do instead. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Ended, runCommandLine } from "../test-command.ts";
import { testProject } from "../test-project.ts";
import { lintProject } from "./lint-project.ts";
import { squawk } from "./squawk.ts";

let directory: string;
let clone: ClonedDatabase;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline lint-"));
  clone = await cloneDatabase(inject("stack"));
});

afterAll(async () => {
  await clone?.drop();
  await rm(directory, { recursive: true, force: true });
});

async function draft(name: string, sql: string): Promise<string> {
  await writeFile(join(directory, name), sql);
  return name;
}

const mistakes: { name: string; sql: string; says: [rule: string, words: string] }[] = [
  {
    name: "policies dropped before their table is there",
    sql: 'drop policy "Users read" on public.ai_analyses;\ncreate table public.ai_analyses ();',
    says: ["applies", 'relation "public.ai_analyses" does not exist'],
  },
  {
    name: "on conflict without the unique constraint it needs",
    sql: `create table public.clips (id bigint primary key, recording_id bigint);
create function public.enqueue() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  insert into public.clips (recording_id) values (new.id)
  on conflict (recording_id) do nothing;
  return new;
end
$$;`,
    says: ["bodies-resolve", "no unique or exclusion constraint matching"],
  },
  {
    name: "a constraint dropped that a function relies on",
    sql: "alter table public.analysis_jobs drop constraint analysis_jobs_video_recording_id_key;",
    says: ["bodies-resolve", "no unique or exclusion constraint matching"],
  },
  {
    name: "a table that another migration has made",
    sql: "create table public.video_recordings (id bigint);",
    says: ["applies", 'relation "video_recordings" already exists'],
  },
  {
    name: "a table whose rights nobody has revoked",
    sql: "create table public.clips (id bigint primary key);",
    says: ["anon-has-reason", "The grant table public.clips to anon is for whoever comes"],
  },
  {
    name: "a join over a column that was guessed",
    sql: "create index recordings_title_idx on public.video_recordings (title);",
    says: ["applies", 'column "title" does not exist'],
  },
];

test.each(mistakes)("stops $name", async ({ sql, says: [rule, words] }) => {
  const name = await draft("20991231090000_mistake.sql", `${sql}\n`);

  const options = { names: [name], directory, dbUrl: clone.url };
  const { findings } = await lintProject(testProject, options);

  expect(findings).toContainEqual(
    expect.objectContaining({ rule, problem: expect.stringContaining(words) }),
  );
});

test("an undo beside a draft has to leave what was there", async () => {
  await mkdir(join(directory, "migrations"));
  await mkdir(join(directory, "rollbacks"));
  const name = "20991231090003_index.sql";
  const index = (of: string) => `create index draft_${of} on public.video_recordings (${of});\n`;
  await draft(`migrations/${name}`, `-- Indexes.\n\n${index("language")}${index("mime_type")}`);
  const options = { names: [`migrations/${name}`], directory, dbUrl: clone.url };
  const problemsWith = async (undo: string) => {
    await draft(`rollbacks/${name}`, `-- Undoes it.\n\n${undo}\n`);
    const { findings } = await lintProject(testProject, options);
    return findings.map(({ rule, problem }) => `${rule}: ${problem}`);
  };

  expect(await problemsWith("drop index public.draft_language;")).toEqual([
    "rollback-undoes: The index public.draft_mime_type is still there after the undo.",
  ]);
  expect(await problemsWith("drop index public.other_idx;")).toEqual([
    'applies: PostgreSQL refuses it: index "other_idx" does not exist.',
  ]);
  expect(
    await problemsWith("drop index public.draft_language;\ndrop index public.draft_mime_type;"),
  ).toEqual([]);
});

function dbLint(...args: string[]): Promise<Ended> {
  return runCommandLine("lint", args, directory);
}

test("shows a draft's finding with its line, a caret below the place, and what to do", async () => {
  const name = await draft(
    "20991231090001_draft.sql",
    "-- A draft.\n\nalter table public.video_recordings add check (id > 0);\n",
  );

  const { code, stdout } = await dbLint(name, "--reference", clone.url);

  expect(code).toBe(1);
  expect(stdout.trimEnd()).toBe(`${join(directory, name)}
  3:41 named-constraints Checks, unique and exclusion constraints have a name that says what holds.
    │ alter table public.video_recordings add check (id > 0);
    │                                         ^
    → Name it as a sentence: constraint status_is_known check (…).

1 file, 1 finding`);
});

const hasSquawk = squawk([], process.cwd()) !== null;

test.runIf(hasSquawk)(
  "prints one JSON object for programs, squawk's words among ours",
  async () => {
    const name = await draft(
      "20991231090002_types.sql",
      "-- A draft.\n\nalter table public.video_recordings alter column file_size type int;\n",
    );

    const { code, stdout } = await dbLint("--json", "--no-database", name);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
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
      notes: ["No database was asked; its rules were left out."],
    });
  },
);

test.each([
  [["--josn"], "Unknown option '--josn'"],
  [["nowhere.sql"], "There is no file nowhere.sql."],
])("bad usage %j ends with 2 and a sentence", async (args, message) => {
  const { code, stdout, stderr } = await dbLint(...args, "--reference", clone.url);

  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});
