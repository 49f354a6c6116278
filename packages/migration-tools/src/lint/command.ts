/** `lint [FILE …]`: what is wrong with the migrations, said before they reach anybody's database. */
import { parseArgs } from "node:util";
import { here } from "../command/here.ts";
import { UsageError } from "../command/run-command.ts";
import type { MigratedDatabase, Project } from "../project.ts";
import { lintProject } from "./lint-project.ts";
import { UnreadableFile } from "./read-project.ts";
import { textReport } from "./report/text.ts";

export const usage = (project: Project) => `Usage: ${project.call("lint", "[FILE …] [options]")}

Checks supabase/migrations and supabase/rollbacks against the rules, and asks the database that the
migrations make for what only it can tell.

  FILE            report on these files only; one from elsewhere is taken for the next migration:
                  it is tried, with its undo, in a transaction that is rolled back
  --no-database   ask none: the rules about the files alone
  --json          print one JSON object:
                  {"files":N,"findings":[{"file","line","column","rule","problem","remedy"}],"notes":[]}
  --workdir DIR   folder that holds supabase/
  --help          show this text

Exit code: 0 nothing found, 1 findings, 2 wrong usage.`;

export async function run(project: Project, args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      database: { type: "boolean", default: true },
      json: { type: "boolean" },
    },
  });
  await using database = values.database ? await migratedDatabase(project) : null;
  const options = { names: positionals, directory: here(), dbUrl: database?.dbUrl ?? null };
  const result = await lintProject(project, options).catch((error: unknown) => {
    throw error instanceof UnreadableFile ? new UsageError(error.message) : error;
  });
  const { files, findings, notes } = result;
  console.log(values.json ? JSON.stringify({ files, findings, notes }) : textReport(result));
  return findings.length > 0 ? 1 : 0;
}

/** Null where the project has no way to make one and none was named. */
async function migratedDatabase(project: Project): Promise<MigratedDatabase | null> {
  try {
    return await project.migratedDatabase(project.directory, () => {});
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
