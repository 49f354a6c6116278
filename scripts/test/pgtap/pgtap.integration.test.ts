/**
 * Runs the database's own tests, `supabase/tests/database`, on a private copy of the migrated
 * database. Each pgTAP assertion is a test of its own in the summary.
 */
import { globSync } from "node:fs";
import { join, relative } from "node:path";
import { cloneDatabase } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { afterAll, describe, expect, inject, test } from "vitest";
import { projectRoot } from "../../project-root.ts";
import { planFault } from "./parse-tap.ts";
import { runTapFile } from "./run-tap-file.ts";

const directory = join(projectRoot, "supabase", "tests", "database");
const files = globSync("**/*.sql", { cwd: directory }).sort();

const database = await cloneDatabase(inject("stack"));
afterAll(() => database.drop());
const admin = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
await admin`create extension if not exists pgtap with schema extensions`;
// As on hosted: its owner may make schemas in it.
await admin`alter database ${admin(database.name)} owner to postgres`;
await admin.end();

test("there are database tests", () => {
  expect(files).not.toEqual([]);
});

// One after another and in order, as pg_prove does.
for (const file of files) {
  const run = await runTapFile(database.url, join(directory, file));

  describe(relative(projectRoot, join(directory, file)), () => {
    for (const { number, passed, description, diagnostics } of run.assertions) {
      test(`${number} ${description}`, () => {
        if (!passed) expect.fail(diagnostics.join("\n") || description);
      });
    }

    test("runs through and keeps its plan", () => {
      if (run.error) expect.fail(run.error);
      const fault = planFault(run);
      if (fault) expect.fail([fault, ...run.preamble].join("\n"));
    });
  });
}
