import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { optionOf } from "./command/take-option.ts";
import { projectOf } from "./default-project.ts";

async function projectWith(config: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "migration tools-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(path.join(directory, "supabase"));
  await writeFile(path.join(directory, "supabase", "config.toml"), config);
  return directory;
}

test("schemas and the port of the local stack are those of config.toml", async () => {
  const directory = await projectWith(
    '[api]\nschemas = ["public", "shop", "graphql_public"]\n[db]\nport = 6543\n',
  );

  const project = projectOf({ directory });

  expect(project.schemas).toEqual(["public", "shop"]);
  expect(await project.local.url(null)).toContain("@127.0.0.1:6543/");
});

test("a project without a word of them has the CLI's own", async () => {
  const project = projectOf({ directory: await projectWith("") });

  expect(project.schemas).toEqual(["public"]);
  expect(await project.local.url(null)).toContain("@127.0.0.1:54322/");
});

test("what the migrations make is the reference, or there is nothing to compare with", async () => {
  const directory = await projectWith("");
  const url = "postgresql://postgres:postgres@127.0.0.1:1/made";

  const made = await projectOf({ directory }, url).migratedDatabase(directory, () => {});

  expect(made.dbUrl).toBe(url);
  await expect(projectOf({ directory }).migratedDatabase(directory, () => {})).rejects.toThrow(
    "give --reference URL",
  );
});

test.each([
  [["verify", "--workdir", "a", "--json"], "a", ["verify", "--json"]],
  [["verify", "--workdir=a b"], "a b", ["verify"]],
  [["verify"], undefined, ["verify"]],
])("an option of all commands is taken out of %j", (args, value, rest) => {
  expect(optionOf(args, "--workdir")).toBe(value);
  expect(args).toEqual(rest);
});
