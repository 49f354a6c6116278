import { parseAddress } from "../connection/address.ts";
import type { CliResult, Project } from "../project.ts";

/**
 * Runs a command of the Supabase CLI against one database. It answers yes to whatever the CLI asks,
 * so ask before.
 * @param args e.g. `["db", "push"]`
 * @param url with the password, which is handed over aside: others see a command's arguments
 */
export function runDatabaseCli(
  project: Pick<Project, "supabase" | "directory">,
  args: string[],
  url: string,
): Promise<CliResult> {
  const address = parseAddress(url);
  const bare = new URL(url);
  bare.password = "";
  return project.supabase([...args, `--db-url=${bare.href}`], project.directory, {
    PGPASSWORD: address.password ?? "",
    PGSSLMODE: address.tlsMode,
  });
}

/**
 * What the CLI says of a failure: the migration, the database's reason and the statement, without
 * its progress before and its general advice behind.
 */
export function failureIn(output: string): string {
  const lines = output.trim().split("\n");
  const file = lines.findLast((line) => line.startsWith("Applying migration "));
  const start = lines.findIndex((line) => line.startsWith("ERROR: "));
  if (start < 0) {
    return lines.filter((line) => !/^(WARN|Target): |--debug|^\s*$/.test(line)).join("\n");
  }
  const name =
    /^Applying migration (\S+?)\.\.\.$/.exec(file ?? "")?.[1] ?? "The database refused it";
  const [reason = "", ...rest] = lines.slice(start);
  return [
    `${name}: ${reason.slice("ERROR: ".length)}`,
    ...rest.filter((line) => !line.includes("--debug")),
  ]
    .join("\n")
    .trim();
}
