import { constants } from "node:os";
import type { Target } from "../connection/target.ts";
import type { Project } from "../project.ts";
import { readMigrationTexts } from "./history.ts";
import { report } from "./report.ts";
import { type DatabaseState, readState } from "./state.ts";
import { judge, type Verdict } from "./verify.ts";

/** Compares the target with what the migrations make, and says on stderr what takes long. */
export async function verifyTarget(project: Project, target: Target): Promise<Verdict> {
  // First, because it fails at once where it fails.
  const actual = await readState(target.url, project);
  say(`Comparing ${target.label} with the migrations`);
  const files = await readMigrationTexts(project.directory);
  return judge(await expectedState(project), actual, files);
}

/**
 * The same for the end of a command that has changed the target: prints the report.
 * @returns 0 where the database is what the migrations make, else 1
 */
export async function verifyChange(project: Project, target: Target): Promise<number> {
  const verdict = await verifyTarget(project, target);
  process.stdout.write(`${report(verdict, target.label)}\n`);
  return verdict.findings.length > 0 ? 1 : 0;
}

/** Ctrl-C closes the database that was made for it, and needs no words about what fails then. */
async function expectedState(project: Project): Promise<DatabaseState> {
  const starting = project.migratedDatabase(project.directory, say);
  let isStopped = false;
  const stop = async (signal: "SIGINT" | "SIGTERM") => {
    isStopped = true;
    await starting.then((database) => database.close()).catch(() => {});
    process.exit(128 + constants.signals[signal]);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    await using database = await starting;
    return await readState(database.dbUrl, project);
  } catch (error) {
    if (isStopped) await new Promise(() => {});
    throw error;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
