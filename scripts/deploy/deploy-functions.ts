import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runSupabaseCli } from "@sideline/local-stack";
import { projectRoot } from "../project-root.ts";

/** Any well-formed reference and token will do: nothing outside this machine is asked. */
const projectRef = "abcdefghijklmnopqrst";
const accessToken = `sbp_${"0".repeat(40)}`;

/**
 * Deploys functions with the real CLI to the API at `apiUrl`.
 * @param home folder for the CLI's own files
 * @throws Error with the CLI's words
 */
export async function deployFunctions(
  names: readonly string[],
  apiUrl: string,
  home: string,
): Promise<void> {
  const profile = join(home, "profile.yaml");
  await writeFile(
    profile,
    [
      "name: rehearsal",
      `api_url: ${apiUrl}`,
      `dashboard_url: ${apiUrl}`,
      `docs_url: ${apiUrl}`,
      "project_host: localhost",
    ].join("\n"),
  );
  const { code, output } = await runSupabaseCli(
    [
      ...["functions", "deploy", ...names, "--use-api"],
      ...[`--project-ref=${projectRef}`, "--profile", profile],
    ],
    { projectDirectory: projectRoot, home, environment: { SUPABASE_ACCESS_TOKEN: accessToken } },
  );
  if (code !== 0) throw new Error(`supabase functions deploy ${names.join(" ")}: ${output.trim()}`);
}
