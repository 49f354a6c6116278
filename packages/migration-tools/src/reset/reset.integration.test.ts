import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startStack } from "@sideline/local-stack";
import { cloneDatabase } from "@sideline/proving-ground/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { cliMigratedDatabase } from "../rollback/test-database.ts";
import { fillTables } from "../rollback/test-rows.ts";
import { runCommandLine } from "../test-command.ts";

const script = "reset";

describe("a database that is named", () => {
  test("is shown with what it holds and left alone where nobody can answer", async () => {
    await using database = await cliMigratedDatabase(inject("stack"));
    await fillTables(database.client);

    const { code, stdout, stderr } = await runCommandLine(script, ["--db-url", database.url]);

    expect(code).toBe(2);
    expect(stdout).toContain("  public.video_recordings with 3 rows\n");
    expect(stdout).toContain("  auth.users with 1 row\n");
    expect(stderr).toContain("add --yes");
    expect(await countOf(database.client, "public.video_recordings")).toBe(3);
  });

  test("is emptied and migrated with --yes, without the seed", async () => {
    await using database = await cliMigratedDatabase(inject("stack"));
    await using made = await cloneDatabase(inject("stack"));
    await fillTables(database.client);
    await database.client.query(
      "create table public.by_hand (); delete from vault.secrets where name like 'sideline%'",
    );

    const { code, stdout } = await runCommandLine(script, [
      ...["--db-url", database.url, "--yes"],
      ...["--reference", made.url],
    ]);

    expect(code).toBe(0);
    expect(stdout).toContain("Reset: all migrations are applied.");
    expect(await countOf(database.client, "public.video_recordings")).toBe(0);
    expect(await countOf(database.client, "auth.users")).toBe(0);
    const { rows } = await database.client.query(`
      select to_regclass('public.by_hand') as by_hand,
        (select count(*)::int from vault.secrets where name like 'sideline%') as seeded`);
    expect(rows).toEqual([{ by_hand: null, seeded: 0 }]);
  });
});

describe("the embedded stack", () => {
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), "sideline-reset-"));
    await chmod(dir, 0o711);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test("is reset where it does not run, and where it runs, which it goes on doing, its scheduler too", async () => {
    const stopped = await runCommandLine(script, ["--dir", dir]);
    expect(stopped).toMatchObject({ code: 0, stderr: "" });

    const said: string[] = [];
    const onProgress = (message: string) => said.push(message);
    const stack = await startStack({
      ...{ dir, port: 0, dbPort: 0, durable: false, prewarm: false, onProgress },
      providers: "environment",
    });
    // Nothing to apply: the reset has left a whole stack behind.
    expect(said).toEqual([]);
    try {
      const client = new pg.Client({ connectionString: stack.dbUrl });
      await client.connect();
      // Nobody works on the rows.
      await client.query("update pipeline.stages set enabled = false");
      await fillTables(client);
      const inPublic = "alter default privileges for role postgres in schema public";
      await client.query(`${inPublic} grant select on tables to anon`);
      await using made = await cloneDatabase(inject("stack"));

      const running = await runCommandLine(script, ["--dir", dir, "--reference", made.url]);

      expect(running.code).toBe(1);
      expect(running.stdout).toContain("default privileges");
      expect(running.stderr).toContain("To begin anew: npm start -- --reset");
      expect(await countOf(client, "public.video_recordings")).toBe(0);
      const { rows } = await client.query("select jobname from cron.job where active order by 1");
      expect(rows.map(({ jobname }) => jobname)).toEqual([
        "sideline-answers",
        "sideline-dispatch",
        "sideline-erasures",
        "sideline-health",
        "sideline-prune",
        "sideline-replacements",
        "sideline-slow-metrics",
        "sideline-uploads",
      ]);
      await client.query(`${inPublic} revoke select on tables from anon`);
      const verified = await runCommandLine("verify", ["--db-url", stack.dbUrl]);
      expect(verified.stdout).toContain("No difference");
      await client.end();
      const voices = await fetch(`${stack.apiUrl}/rest/v1/coach_voices?select=name`, {
        headers: { apikey: stack.secretKey },
      });
      expect(await voices.json()).not.toEqual([]);
    } finally {
      await stack.stop();
    }
  });
});

async function countOf(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from ${table}`,
  );
  return rows[0]?.count ?? -1;
}
