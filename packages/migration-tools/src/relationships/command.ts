/** `relationships`: every embedding of the Data API, asked for at every layer. */
import { parseArgs } from "node:util";
import { UsageError } from "../command/run-command.ts";
import type { Project } from "../project.ts";
import { exerciseAll, type Report } from "./exercise-all.ts";
import { clientLine, restLine, shortestSelect } from "./patterns.ts";
import { problemLines, reportLines } from "./report-table.ts";
import { typeProblems } from "./typed-queries.ts";

export const usage = (project: Project) => `Usage: ${project.call("relationships", "[options]")}

Finds every foreign key of a freshly migrated database that the Data API can embed by, in both
directions, and asks for its rows as SQL join, as Data API request with and without hint, through
the client, and as an owner beside a stranger's rows. All must give the same, and the generated
types must know them.

  --json         print the report as JSON
  --workdir DIR  folder that holds supabase/
  --help         show this text

Exit code: 0 all agree, 1 some do not, 2 wrong usage.
The patterns to copy stand in ${project.page.file}.`;

export async function run(project: Project, args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { json: { type: "boolean" } },
  });
  const options = project.relationships;
  if (options === null) {
    throw new UsageError("Say in a config file (--config) what `relationships` of it are to use.");
  }
  await using place = await options.startPlace();
  const report = await exerciseAll(project.schemas, options, place);
  const relationships = report.exercises.map(({ relationship }) => relationship);
  const ofTypes = await typeProblems(project.directory, options.typesImport, relationships);
  print(report, ofTypes, values.json ?? false);
  return ofTypes.length === 0 && problemLines(report).length === 0 ? 0 : 1;
}

function print(report: Report, ofTypes: string[], json: boolean): void {
  if (!json) {
    console.log([...reportLines(report), ...ofTypes].join("\n"));
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
  console.log(JSON.stringify({ relationships: exercised, unreachable, types: ofTypes }, null, 2));
}
