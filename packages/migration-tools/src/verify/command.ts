/**
 * `verify`: compares a database with what the migrations make of an empty one. It reads the
 * catalogues of both and believes no history. Exit code 0: no difference; 1: differences; 2: it
 * could not be told.
 */
import { parseArgs } from "node:util";
import { told } from "../connection/connection-error.ts";
import { chooseTarget, targetHelp, targetOptions } from "../connection/target.ts";
import type { Project } from "../project.ts";
import { report } from "./report.ts";
import { verifyTarget, wasInterrupted } from "./verify-target.ts";

export const usage = (project: Project) => `Usage: ${project.call("verify", "[OPTION …]")}

Compares a database with what supabase/migrations make of an empty one.

${targetHelp(project)}
  --workdir DIR  folder that holds supabase/
  --json         print the differences as one JSON object
  --help         show this

Exit code: 0 no difference, 1 differences, 2 the databases could not be compared.
`;

export async function run(project: Project, args: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...targetOptions,
        json: { type: "boolean" },
      },
    });
    const target = await chooseTarget(project, values);
    const verdict = await verifyTarget(project, target);
    const text = values.json
      ? JSON.stringify({ database: target.label, ...verdict }, null, 2)
      : report(verdict, target.label);
    process.stdout.write(`${text}\n`);
    return verdict.findings.length > 0 ? 1 : 0;
  } catch (error) {
    const interruption = wasInterrupted();
    if (interruption !== null) return 128 + interruption;
    process.stderr.write(`${sentenceOf(error, project)}\n`);
    return 2;
  }
}

/** One line for what a person can act on, everything for what is our own fault. */
function sentenceOf(error: unknown, project: Project): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && String(error.code).startsWith("ERR_PARSE_")) {
    return `${error.message}\n\n${usage(project)}`;
  }
  return error instanceof TypeError ? (error.stack ?? error.message) : told(error);
}
