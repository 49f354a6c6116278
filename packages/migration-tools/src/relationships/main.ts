/** `npm run db:relationships`: every embedding of the Data API, asked for at every layer. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startStack } from "@sideline/local-stack";
import { runCommand } from "../command/run-command.ts";
import { exerciseAll, type Report, reachableIn } from "./exercise-all.ts";
import { clientLine, restLine, shortestSelect } from "./patterns.ts";
import { problemLines, reportLines } from "./report-table.ts";
import { checkTypedQueries, queriesFile, writeTypedQueries } from "./typed-queries-source.ts";

const usage = `Usage: npm run db:relationships [-- options]

Finds every foreign key of a freshly migrated database that the Data API can embed by, in both
directions, and asks for its rows as SQL join, as Data API request with and without hint, through
the typed client, and as an owner beside a stranger's rows. All must give the same.

  --write   write ${queriesFile} anew first, then run it
  --json    print the report as JSON
  --help    show this text

Exit code: 0 all agree, 1 some do not or the typed queries are out of date, 2 wrong usage.
The patterns to copy stand in docs/database.md.`;

await runCommand("npm run db:relationships", async () => {
  const { values } = parseArgs({
    options: {
      write: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const dir = await mkdtemp(join(tmpdir(), "sideline-relationships-"));
  // Postgres runs under another account where this runs as root, and has to get in.
  await chmod(dir, 0o711);
  try {
    const stack = await startStack({ dir, port: 0, dbPort: 0, cron: false });
    try {
      const relationships = await reachableIn(stack.dbUrl);
      if (values.write) await writeTypedQueries(relationships);
      const outOfDate = await checkTypedQueries(relationships);
      // Imported once they are written.
      const { typedQueries } = await import("./typed-queries.ts");
      const report = await exerciseAll(stack, typedQueries);
      print(report, outOfDate, values.json ?? false);
      return outOfDate === null && problemLines(report).length === 0 ? 0 : 1;
    } finally {
      await stack.stop();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

function print(report: Report, outOfDate: string | null, json: boolean): void {
  if (!json) {
    console.log([...reportLines(report), ...(outOfDate === null ? [] : [outOfDate])].join("\n"));
    return;
  }
  const relationships = report.exercises.map(({ relationship, rows, layers }) => {
    const select = shortestSelect(relationship);
    const patterns = {
      client: clientLine(relationship, select),
      rest: restLine(relationship, select),
    };
    return { ...relationship, patterns, rows, layers };
  });
  const { unreachable } = report;
  console.log(JSON.stringify({ relationships, unreachable, problem: outOfDate }, null, 2));
}
