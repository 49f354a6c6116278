import { failureIn, runDatabaseCli } from "../command/database-cli.ts";
import { whilePaused } from "../command/pause-scheduler.ts";
import { connect } from "../connection/connect.ts";
import { ConnectionError } from "../connection/connection-error.ts";
import type { Project } from "../project.ts";
import { readMigrationTexts } from "../verify/history.ts";

/**
 * Brings the local stack to the state of a new one. A running stack keeps running: the CLI resets
 * its database. One that does not run is made anew in its folder.
 * @returns the running stack's database, which kept what is outside of its schemas; null where it is
 *   wholly new
 * @throws Error that names the migration which fails and the reason
 */
export async function resetLocal(project: Project, folder: string | null): Promise<string | null> {
  const { directory, local } = project;
  const url = await runningAt(await local.url(folder));
  if (url === null) {
    await local.makeAnew(folder);
    return null;
  }
  const { code, output } = await whilePaused(project, url, () =>
    runDatabaseCli(project, ["db", "reset"], url),
  );
  if (code !== 0) throw new Error(failureIn(output));
  const versions = (await readMigrationTexts(directory)).map(({ version }) => version);
  await local.noteApplied({ directory, versions, seed: true }, folder);
  return url;
}

/** The same address, or null where nothing answers, be it stopped or crashed. */
async function runningAt(url: string | null): Promise<string | null> {
  if (url === null) return null;
  try {
    await (await connect(url)).end();
    return url;
  } catch (error) {
    if (error instanceof ConnectionError && error.part === "port") return null;
    throw error;
  }
}
