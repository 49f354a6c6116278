import { readdir } from "node:fs/promises";
import { noteApplied, startStack } from "@sideline/local-stack";
import { failureIn, runDatabaseCli } from "../command/database-cli.ts";
import { whilePaused } from "../command/pause-scheduler.ts";
import { connect } from "../connection/connect.ts";
import { ConnectionError } from "../connection/connection-error.ts";
import { embeddedStackUrl } from "../connection/embedded-stack.ts";

/**
 * Brings an embedded stack to the state of a new one. A running stack keeps running: the CLI resets
 * its database. One that does not run is made anew in its folder, and stopped again.
 * @param directory the stack's folder
 * @param project folder that holds `supabase/`
 * @returns the running stack's database, which kept what is outside of its schemas; null where it is
 *   wholly new
 * @throws Error that names the migration which fails and the reason
 */
export async function resetEmbedded(directory: string, project: string): Promise<string | null> {
  const url = await runningAt(directory);
  if (url === null) {
    const stack = await startStack({
      dir: directory,
      port: 0,
      dbPort: 0,
      cron: false,
      reset: true,
      onProgress: (message) => console.log(message),
    });
    await stack.stop();
    return null;
  }
  const { code, output } = await whilePaused(url, () =>
    runDatabaseCli(["db", "reset"], { url, project }),
  );
  if (code !== 0) throw new Error(failureIn(output));
  await noteApplied(
    { directory, projectDirectory: project },
    { versions: await versionsOf(project), seed: true },
  );
  return url;
}

/** The stack's database, or null where nothing answers, be it stopped or crashed. */
async function runningAt(directory: string): Promise<string | null> {
  const url = await embeddedStackUrl(directory);
  if (url === null) return null;
  try {
    await (await connect(url)).end();
    return url;
  } catch (error) {
    if (error instanceof ConnectionError && error.part === "port") return null;
    throw error;
  }
}

async function versionsOf(project: string): Promise<string[]> {
  const files = await readdir(`${project}/supabase/migrations`);
  return files.flatMap((file) => /^\d+(?=_)/.exec(file)?.[0] ?? []);
}
