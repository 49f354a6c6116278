import { z } from "zod";
import { failureIn, runDatabaseCli } from "../command/database-cli.ts";
import type { Project } from "../project.ts";

export interface PushPlan {
  /** With the password. */
  url: string;
  project: Pick<Project, "supabase" | "directory" | "call">;
  /** Also migrations that are older than the newest applied one. */
  includeAll: boolean;
}

/** What the CLI answers a dry run with, as far as it is shown. */
const dryRun = z.object({ migrations: z.array(z.string()) });

const refusal = z.object({
  error: z.object({ message: z.string(), suggestion: z.string().default("") }),
});

/**
 * The files that a push would apply, in that order.
 * @throws Error with the CLI's words: history and files disagree, or the order is wrong
 */
export async function pendingMigrations(plan: PushPlan): Promise<string[]> {
  const { code, output, stdout } = await push(plan, ["--dry-run", "--output-format", "json"]);
  const answer = stdout.split("\n").findLast((line) => line.startsWith("{"));
  if (answer === undefined) throw new Error(failureIn(output));
  if (code === 0) return dryRun.parse(JSON.parse(answer)).migrations;
  const { error } = refusal.parse(JSON.parse(answer));
  throw new Error(
    explain(error.message, error.suggestion.trim(), plan.project.call("new", "NAME")),
  );
}

/** What the CLI advises for a migration that comes late would apply it in an order nobody has tried. */
function explain(message: string, suggestion: string, howToName: string): string {
  if (!suggestion.includes("--include-all")) return `${message}\n${suggestion}`.trim();
  const files = [...`${message}\n${suggestion}`.matchAll(/\d+_\w[\w.-]*\.sql/g)].map(
    ([file]) => file,
  );
  return [
    "Older than the newest migration that is applied there, and not applied:",
    ...[...new Set(files)].map((file) => `  ${file}`),
    "Rename each, in supabase/migrations and in supabase/rollbacks, to a version newer than all:",
    `${howToName} shows one.`,
  ].join("\n");
}

/**
 * Applies what is pending, each migration in one transaction.
 * @throws Error that names the migration which failed and the database's reason
 */
export async function pushMigrations(plan: PushPlan): Promise<void> {
  const { code, output } = await push(plan, []);
  if (code !== 0) {
    throw new Error(
      `${failureIn(output)}\nThat migration changed nothing; those before it are applied.`,
    );
  }
}

function push({ url, project, includeAll }: PushPlan, args: string[]) {
  const all = includeAll ? ["--include-all"] : [];
  return runDatabaseCli(project, ["db", "push", ...all, ...args], url);
}
