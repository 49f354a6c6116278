/** `npm run db:types`: the TypeScript types of the database that the migrations make. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../command/run-command.ts";
import { migratedDatabase } from "../snapshot/migrated-database.ts";
import { checkTypes, typesFile, writeTypes } from "./generated-types.ts";

const usage = `Usage: npm run db:types [-- options]

Writes ${typesFile}: what the Supabase CLI generates from a
database that was freshly migrated from the files of this checkout.

  --check   write nothing, only compare
  --help    show this text

Exit code: 0 written, or up to date; 1 out of date (--check), or a migration failed; 2 wrong usage.`;

await runCommand("npm run db:types", async () => {
  const { values } = parseArgs({
    options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const home = await mkdtemp(join(tmpdir(), "sideline-types-"));
  try {
    await using database = await migratedDatabase();
    const source = { dbUrl: database.dbUrl, home };
    if (!values.check) {
      console.log(`${typesFile} ${(await writeTypes(source)) ? "written" : "was up to date"}`);
      return 0;
    }
    const problem = await checkTypes(source);
    console.log(problem ?? `${typesFile} is up to date`);
    return problem === null ? 0 : 1;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
