import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** A project of somebody else's, with one migration. */
async function strangersProject(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "migration tools-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(path.join(directory, "supabase", "migrations"), { recursive: true });
  await writeFile(
    path.join(directory, "supabase", "migrations", "20270101000000_orders.sql"),
    "-- Orders.\n\ncreate table shop.orders (id bigint primary key);\n",
  );
  return directory;
}

function migrationTools(directory: string, ...args: string[]) {
  const cli = path.join(import.meta.dirname, "cli.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    cwd: directory,
    env: { ...process.env, INIT_CWD: directory, NO_COLOR: "1" },
  });
  return { code: status, stdout, stderr };
}

test("--help lists the commands, and a wrong one is refused with the list", async () => {
  const directory = await strangersProject();

  expect(migrationTools(directory, "--help")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("rollback"),
  });
  expect(migrationTools(directory, "lnit")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(/^No command lnit\.\n\nUsage: migration-tools COMMAND/),
  });
});

test("lints any project, from a folder inside of it too", async () => {
  const directory = await strangersProject();

  const { code, stdout } = migrationTools(path.join(directory, "supabase"), "lint", "--json");

  expect(code).toBe(1);
  expect(stdout).toContain("supabase/migrations/20270101000000_orders.sql");
  expect(stdout).toContain('"has-rollback"');
});

test("writes a migration after the last one, with names that any project has", async () => {
  const directory = await strangersProject();

  const { code, stdout } = migrationTools(directory, "new", "parcels");

  expect(code).toBe(0);
  expect(stdout).toMatch(/_parcels\.sql\n\nNext: write both, then migration-tools lint\n$/);
});

test("a config file says what is otherwise", async () => {
  const directory = await strangersProject();
  await writeFile(
    path.join(directory, "migration-tools.config.mjs"),
    'export default { call: (command) => "make " + command };\n',
  );

  expect(migrationTools(directory, "new", "--help").stdout).toContain("Usage: make new\n");
});
