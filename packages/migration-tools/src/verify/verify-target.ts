import type { Target } from "../connection/target.ts";
import type { Project } from "../project.ts";
import { readMigrationTexts } from "./history.ts";
import { report } from "./report.ts";
import { type DatabaseState, readState } from "./state.ts";
import { judge, type Verdict } from "./verify.ts";

/** Set by Ctrl-C; what fails after it needs no words. */
let interruption: number | null = null;

/** The number of the signal that ended a verification before its time. */
export function wasInterrupted(): number | null {
  return interruption;
}

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

async function expectedState(project: Project): Promise<DatabaseState> {
  const starting = project.migratedDatabase(project.directory, say);
  const signals = [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const;
  const handlers = signals.map(([signal, number]) => {
    const stop = async () => {
      interruption = number;
      await starting.then((database) => database.close()).catch(() => {});
      process.exit(128 + number);
    };
    process.once(signal, stop);
    return () => process.off(signal, stop);
  });
  try {
    await using database = await starting;
    return await readState(database.dbUrl, project);
  } finally {
    for (const remove of handlers) remove();
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
