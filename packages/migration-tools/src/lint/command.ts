/** `lint [FILE …]`: what is wrong with the migrations, said before any database sees them. */
import { parseArgs } from "node:util";
import { here } from "../command/here.ts";
import { UsageError } from "../command/run-command.ts";
import type { Project } from "../project.ts";
import { lintProject } from "./lint-project.ts";
import { UnreadableFile } from "./read-project.ts";
import { textReport } from "./report/text.ts";

const usage = (project: Project) => `Usage: ${project.call("lint", "[FILE …] [--json] [--help]")}

Checks supabase/migrations and supabase/rollbacks against the rules.

  FILE            report on these files only; one from elsewhere is taken for the next migration
  --json          print one JSON object:
                  {"files":N,"findings":[{"file","line","column","rule","problem","remedy"}],"notes":[]}
  --workdir DIR   folder that holds supabase/
  --help          show this text

Exit code: 0 nothing found, 1 findings, 2 wrong usage.`;

export async function lint(project: Project, args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage(project));
    return 0;
  }
  const result = resultOf(project.directory, positionals);
  const { files, findings, notes } = result;
  console.log(values.json ? JSON.stringify({ files, findings, notes }) : textReport(result));
  return findings.length > 0 ? 1 : 0;
}

function resultOf(root: string, names: string[]) {
  try {
    return lintProject(root, names, here());
  } catch (error) {
    throw error instanceof UnreadableFile ? new UsageError(error.message) : error;
  }
}
