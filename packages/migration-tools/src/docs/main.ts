/** `npm run db:docs`: the page about the database that the migrations make. */
import { parseArgs } from "node:util";
import { runCommand } from "../command/run-command.ts";
import { migratedDatabase } from "../snapshot/migrated-database.ts";
import { checkPage, pageFile, writePage } from "./database-page.ts";

const usage = `Usage: npm run db:docs [-- options]

Writes ${pageFile} from a database that was freshly migrated from the files of this checkout:
diagram, tables, constraints, policies, grants, embeddings and functions.

  --check   write nothing, only compare
  --help    show this text

Exit code: 0 written, or up to date; 1 out of date (--check), or a migration failed; 2 wrong usage.`;

await runCommand("npm run db:docs", async () => {
  const { values } = parseArgs({
    options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  await using database = await migratedDatabase();
  if (!values.check) {
    console.log(`${pageFile} ${(await writePage(database.dbUrl)) ? "written" : "was up to date"}`);
    return 0;
  }
  const problem = await checkPage(database.dbUrl);
  console.log(problem ?? `${pageFile} is up to date`);
  return problem === null ? 0 : 1;
});
