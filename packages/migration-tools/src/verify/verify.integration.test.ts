/** `npm run db:verify` as it is run from a shell. */
import { cloneDatabase } from "@sideline/proving-ground/testing";
import pg from "pg";
import { expect, inject, test } from "vitest";
import { runCommandLine } from "../test-command.ts";

const stack = inject("stack");
const dbVerify = (...args: string[]) => runCommandLine("verify", args);

async function change(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

test("a database made by the migrations has no difference", async () => {
  await using clone = await cloneDatabase(stack);

  const { code, stdout, stderr } = await dbVerify("--db-url", clone.url, "--json");

  expect(stderr).toMatch(/^Comparing the database \(postgres@127\.0\.0\.1:\d+\/clone_/);
  expect(JSON.parse(stdout)).toMatchObject({ findings: [], notes: [] });
  expect(code).toBe(0);
});

test("what a migration is recorded to have made, and has not, is found", async () => {
  await using clone = await cloneDatabase(stack);
  await using made = await cloneDatabase(stack);
  await change(clone.url, [
    "drop table public.analysis_metrics",
    `create or replace function pipeline.touch_updated_at() returns trigger
     language plpgsql volatile security definer set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end
$$`,
    `delete from supabase_migrations.schema_migrations where version = '20261101092000'`,
    `insert into supabase_migrations.schema_migrations (version, name)
     values ('20270101000000', 'force_tables')`,
    `update supabase_migrations.schema_migrations set statements = '{select 1}'
     where version = '20261101092200'`,
  ]);

  const { code, stdout } = await dbVerify("--db-url", clone.url, "--reference", made.url);

  const rows = stdout.split("\n").filter((line) => /^\w/.test(line));
  expect(rows.map((row) => row.replaceAll(/ {2,}/g, " | "))).toEqual([
    "kind | object | what differs",
    "migration | 20261101092000_video_recordings.sql | missing",
    "migration | 20270101000000_force_tables.sql | unexpected",
    "function | pipeline.touch_updated_at() | changed (made by 20261101090000_pipeline.sql)",
    expect.stringMatching(
      /^table \| public\.analysis_metrics \| missing, with \d+ objects of it \(made by 20261101092200_analysis_jobs\.sql\)$/,
    ),
    "Note: 20261101092200_analysis_jobs.sql was edited after it had been applied here.",
    expect.stringMatching(/^4 differences \(2 missing, 1 unexpected, 1 changed\) in the database/),
  ]);
  expect(stdout).toContain("-   new.updated_at := pipeline.now();\n");
  expect(stdout).toContain("+   new.updated_at := now();\n");
  expect(code).toBe(1);
});

test("what cannot be compared ends with one sentence and code 2", async () => {
  const wrongPassword = new URL(stack.dbUrl);
  wrongPassword.password = "not-this-one";
  const cases: [args: string[], words: RegExp][] = [
    [["--db-url", wrongPassword.href], /^The password for the role postgres is wrong/],
    [["--db-url", "https://example.org"], /^The database URL has to look like/],
    [["--db-url", stack.dbUrl, "--linked"], /^Give either --db-url or --linked/],
    [["--nonsense"], /^Unknown option '--nonsense'/],
  ];
  const outcomes = await Promise.all(cases.map(([args]) => dbVerify(...args)));
  for (const [index, { code, stdout, stderr }] of outcomes.entries()) {
    const words = cases[index]?.[1] ?? /never/;

    expect(stderr).toMatch(words);
    expect(stderr).not.toContain("not-this-one");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  }
});

test("a role that sees only a part of the database is refused", async () => {
  await using clone = await cloneDatabase(stack);
  const role = `verify_part_${process.pid}`;
  await change(clone.adminUrl, [`create role ${role} login password 'part'`]);
  const url = new URL(clone.url);
  url.username = role;
  url.password = "part";
  try {
    const { code, stderr } = await dbVerify("--db-url", url.href);

    expect(stderr).toBe(
      `The role ${role} sees only a part of the database: connect as postgres.\n`,
    );
    expect(code).toBe(2);
  } finally {
    await change(clone.adminUrl, [`drop role ${role}`]);
  }
});
