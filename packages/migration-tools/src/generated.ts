import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Project } from "./project.ts";

/** A committed file that is made from the migrated database. */
export interface GeneratedFile {
  /** The command that writes it. */
  command: "types" | "docs";
  /** Relative to the project's folder. */
  file(project: Project): string;
  /** @param dbUrl of a freshly migrated database, as role `postgres` */
  textOf(project: Project, dbUrl: string): Promise<string>;
}

/**
 * Compares the committed file with what the database would make it.
 * @returns one sentence where it is out of date; null where it is not
 */
export async function checkGenerated(
  generated: GeneratedFile,
  project: Project,
  dbUrl: string,
): Promise<string | null> {
  if (await isCommitted(generated, project, await generated.textOf(project, dbUrl))) return null;
  return `${generated.file(project)} is not what the migrations make: ${project.call(generated.command)}`;
}

/** @returns whether the file has changed */
export async function writeGenerated(
  generated: GeneratedFile,
  project: Project,
  dbUrl: string,
): Promise<boolean> {
  const text = await generated.textOf(project, dbUrl);
  if (await isCommitted(generated, project, text)) return false;
  await writeFile(join(project.directory, generated.file(project)), text);
  return true;
}

async function isCommitted({ file }: GeneratedFile, project: Project, text: string) {
  const path = join(project.directory, file(project));
  return (await readFile(path, "utf8").catch(() => null)) === text;
}

/** The help of a command that generates a file. */
export function usageOf({ command, file }: GeneratedFile, project: Project, what: string): string {
  return `Usage: ${project.call(command, "[options]")}

Writes ${file(project)}: ${what}

  --check        write nothing, only compare
  --workdir DIR  folder that holds supabase/
  --help         show this text

Exit code: 0 written, or up to date; 1 out of date (--check), or a migration failed; 2 wrong usage.`;
}

/** The command itself. */
export async function generate(
  generated: GeneratedFile,
  project: Project,
  args: string[],
): Promise<number> {
  const { values } = parseArgs({ args, options: { check: { type: "boolean" } } });
  await using database = await project.migratedDatabase(project.directory, () => {});
  const name = generated.file(project);
  if (values.check) {
    const problem = await checkGenerated(generated, project, database.dbUrl);
    console.log(problem ?? `${name} is up to date`);
    return problem === null ? 0 : 1;
  }
  const isNew = await writeGenerated(generated, project, database.dbUrl);
  console.log(`${name} ${isNew ? "written" : "was up to date"}`);
  return 0;
}
