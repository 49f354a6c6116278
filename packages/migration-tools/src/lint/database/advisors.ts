/** What Supabase's own advisors say of a database; their lints come as `advisors/…`. */
import { z } from "zod";
import { runDatabaseCli } from "../../command/database-cli.ts";
import type { Project } from "../../project.ts";
import type { Finding } from "../finding.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findingAt } from "./ask-database.ts";

/** Their lints that are not ours, and why. */
export const excludedLints: Record<string, string> = {
  unused_index: "in a database that was never queried no index was ever used",
  function_search_path_mutable: "`function-search-path` knows bodies that are bound when made",
};

/** What `supabase db advisors` prints, as far as it is shown. */
const lints = z.array(
  z.object({
    name: z.string(),
    level: z.string(),
    detail: z.string(),
    remediation: z.string(),
    metadata: z.object({
      schema: z.string().default(""),
      name: z.string().default(""),
      type: z.string().default(""),
    }),
  }),
);

/** @returns null where the Supabase CLI is not installed, or is too old to have them */
export async function advisors(
  project: Project,
  dbUrl: string,
  files: SourceFile[],
): Promise<Finding[] | null> {
  const args = ["db", "advisors", "--level", "info", "--fail-on", "none"];
  const answer = await runDatabaseCli(project, args, dbUrl).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  if (answer === null || /unknown (sub)?command/i.test(answer.output)) return null;
  const { code, output, stdout } = answer;
  if (code !== 0) throw new Error(`supabase ${args.join(" ")}: ${output.trim()}`);
  if (/no issues/i.test(output)) return [];
  return lints
    .parse(JSON.parse(stdout))
    .filter(({ name }) => !Object.hasOwn(excludedLints, name))
    .map(({ name: lint, level, detail, remediation, metadata: { schema, name, type } }) => ({
      ...findingAt(
        { kind: type, name: `${schema}.${name}`, fault: "" },
        { id: `advisors/${lint}`, remedy: `See ${remediation}.` },
        files,
      ),
      problem: `${level} ${detail}`,
    }));
}
