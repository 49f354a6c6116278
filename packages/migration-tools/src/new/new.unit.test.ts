import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UsageError } from "../command/run-command.ts";
import { projectOf } from "../default-project.ts";
import { runCommandLine, type TemporaryProject, temporaryProject } from "../test-command.ts";
import { run } from "./command.ts";
import { createMigration } from "./create-migration.ts";

const script = "new";
/** Of what is refused. */
let unchanged: TemporaryProject;
beforeAll(async () => {
  unchanged = await temporaryProject();
});
afterAll(() => unchanged?.[Symbol.asyncDispose]());

test("writes a migration and its undo under one name, after all others", async () => {
  await using project = await temporaryProject();
  const migrations = path.join(project.directory, "supabase", "migrations");
  await writeFile(path.join(migrations, "29991231235959_far.sql"), "-- From a wrong clock.\n");

  const { code, stdout } = await runCommandLine(script, [
    "clip_votes",
    "--workdir",
    project.directory,
  ]);

  const file = "30000101000000_clip_votes.sql";
  expect(code).toBe(0);
  expect(stdout).toContain(`supabase/migrations/${file}\nsupabase/rollbacks/${file}\n`);
  expect((await readdir(migrations)).sort().at(-1)).toBe(file);
  const rollback = path.join(project.directory, "supabase", "rollbacks", file);
  expect(await readFile(rollback, "utf8")).toContain(`Undoes ${file}`);
});

test("the template is comments alone, in lines of at most 100 columns", async () => {
  await using temporary = await temporaryProject();

  const files = await createMigration(projectOf(temporary), "clips");

  for (const file of Object.values(files)) {
    const lines = (await readFile(path.join(temporary.directory, file), "utf8")).split("\n");
    expect(lines.filter((line) => line !== "" && !line.startsWith("--"))).toEqual([]);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  }
});

test.each([
  ["Add votes!", '"Add votes!" is not a name', "for example add_votes."],
  ["2clips", '"2clips" is not a name', "for example clips."],
  ["ClipVotes", '"ClipVotes" is not a name', "for example clip_votes."],
  ["a__b", '"a__b" is not a name', "for example a_b."],
  ["../escape", '"../escape" is not a name', "for example escape."],
])("refuses the name %j and proposes another", async (name, fault, proposal) => {
  const folder = path.join(unchanged.directory, "supabase", "migrations");
  const before = await readdir(folder);

  const refusal = run(projectOf(unchanged), [name]);

  await expect(refusal).rejects.toThrow(UsageError);
  await expect(refusal).rejects.toThrow(fault);
  await expect(refusal).rejects.toThrow(proposal);
  expect(await readdir(folder)).toEqual(before);
});

test.each([
  ["a name that is taken", ["segments"], "There is a migration of that name, 2026"],
  ["no name", [], "Give the migration a name."],
  ["two names", ["clip", "votes"], "One name, not 2: clip_votes?"],
])("refuses %s with one sentence", async (_name, args, sentence) => {
  const refusal = run(projectOf(unchanged), args);

  await expect(refusal).rejects.toThrow(UsageError);
  await expect(refusal).rejects.toThrow(sentence);
});

test.each([
  ["an option that does not exist", ["clips", "--force"], "--force"],
  ["no name", [], "Give the migration a name."],
])("%s ends it with 2, a sentence and where help is", async (_name, args, sentence) => {
  const { code, stderr } = await runCommandLine(script, args);

  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
  expect(stderr).toContain("See npm run db:new -- --help");
  expect(stderr).not.toMatch(/^\s+at /m);
});
