import { parseArgs } from "node:util";

export interface LintOptions {
  files: string[];
  json: boolean;
  help: boolean;
}

/** Words on the command line that make no sense; the message is a sentence. */
export class UsageError extends Error {}

export const usage = `Usage: npm run db:lint [-- FILE …] [--json] [--help]

Checks supabase/migrations and supabase/rollbacks against the rules of docs/schema-rules.md.

  FILE     report on these files only; one from elsewhere is taken for the next migration
  --json   print one JSON object: {"files":N,"findings":[{"file","line","column","rule","problem","remedy"}],"notes":[]}

Exit codes: 0 nothing found, 1 findings, 2 bad usage.`;

export function parseOptions(args: string[]): LintOptions {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    return { files: positionals, json: values.json ?? false, help: values.help ?? false };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(error.message);
  }
}
