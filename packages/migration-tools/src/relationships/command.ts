/** `relationships`: every embedding of the Data API, asked for at every layer. */
import { parseArgs } from "node:util";
import { UsageError } from "../command/run-command.ts";
import type { Project } from "../project.ts";
import { exerciseAll, type Report, reachableIn } from "./exercise-all.ts";
import { clientLine, restLine, shortestSelect } from "./patterns.ts";
import { problemLines, reportLines } from "./report-table.ts";
import { checkTypedQueries, writeTypedQueries } from "./typed-queries-source.ts";

export const usage = (project: Project) => `Usage: ${project.call("relationships", "[options]")}

Finds every foreign key of a freshly migrated database that the Data API can embed by, in both
directions, and asks for its rows as SQL join, as Data API request with and without hint, through
the typed client, and as an owner beside a stranger's rows. All must give the same.

  --write        write the typed queries anew first, then run them
  --json         print the report as JSON
  --workdir DIR  folder that holds supabase/
  --help         show this text

Exit code: 0 all agree, 1 some do not or the typed queries are out of date, 2 wrong usage.
The patterns to copy stand in ${project.page.file}.`;

export async function run(project: Project, args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      write: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const options = project.relationships;
  if (options === null) {
    throw new UsageError("Say in a config file (--config) what `relationships` of it are to use.");
  }
  const own = { ...project, relationships: options };
  await using place = await options.startPlace();
  const reachable = await reachableIn(project.schemas, place.dbUrl);
  if (values.write) await writeTypedQueries(own, reachable);
  const outOfDate = await checkTypedQueries(own, reachable);
  const report = await exerciseAll(project.schemas, options, place);
  print(report, outOfDate, values.json ?? false);
  return outOfDate === null && problemLines(report).length === 0 ? 0 : 1;
}

function print(report: Report, outOfDate: string | null, json: boolean): void {
  if (!json) {
    console.log([...reportLines(report), ...(outOfDate === null ? [] : [outOfDate])].join("\n"));
    return;
  }
  const exercised = report.exercises.map(({ relationship, rows, layers }) => {
    const select = shortestSelect(relationship);
    const patterns = {
      client: clientLine(relationship, select),
      rest: restLine(relationship, select),
    };
    return { ...relationship, patterns, rows, layers };
  });
  const { unreachable } = report;
  console.log(
    JSON.stringify({ relationships: exercised, unreachable, problem: outOfDate }, null, 2),
  );
}
