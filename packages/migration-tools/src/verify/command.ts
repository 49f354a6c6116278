/**
 * `verify`: compares a database with what the migrations make of an empty one. It reads the
 * catalogues of both and believes no history. Exit code 0: no difference; 1: differences; 2: it
 * could not be told.
 */
import { parseArgs } from "node:util";
import { chooseTarget, targetHelp, targetOptions } from "../connection/target.ts";
import type { Project } from "../project.ts";
import { report } from "./report.ts";
import { verifyTarget } from "./verify-target.ts";

export const usage = (project: Project) => `Usage: ${project.call("verify", "[OPTION …]")}

Compares a database with what supabase/migrations make of an empty one.

${targetHelp(project)}
  --workdir DIR  folder that holds supabase/
  --json         print the differences as one JSON object
  --help         show this

Exit code: 0 no difference, 1 differences, 2 the databases could not be compared.
`;

/** What keeps it from comparing is no difference. */
export const failureCode = 2;

export async function run(project: Project, args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...targetOptions, json: { type: "boolean" } } });
  const target = await chooseTarget(project, values);
  const verdict = await verifyTarget(project, target);
  const text = values.json
    ? JSON.stringify({ database: target.label, ...verdict }, null, 2)
    : report(verdict, target.label);
  process.stdout.write(`${text}\n`);
  return verdict.findings.length > 0 ? 1 : 0;
}
