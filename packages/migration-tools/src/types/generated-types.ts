import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "../project.ts";

/**
 * Compares the committed types with what the CLI makes of the database.
 * @param dbUrl of a migrated database, as role `postgres`
 * @returns one sentence for what is out of date; null where nothing is
 */
export async function checkTypes(project: Project, dbUrl: string): Promise<string | null> {
  if ((await committedTypes(project)) === (await generateTypes(project, dbUrl))) return null;
  return `${project.typesFile} is not what the migrations make: ${project.call("types")}`;
}

/**
 * Writes the types that the CLI makes of the database.
 * @returns whether the file has changed
 */
export async function writeTypes(project: Project, dbUrl: string): Promise<boolean> {
  const generated = await generateTypes(project, dbUrl);
  if ((await committedTypes(project)) === generated) return false;
  await writeFile(join(project.directory, project.typesFile), generated);
  return true;
}

function committedTypes({ directory, typesFile }: Project): Promise<string | null> {
  return readFile(join(directory, typesFile), "utf8").catch(() => null);
}

async function generateTypes(project: Project, dbUrl: string): Promise<string> {
  const schemas = project.schemas.join(",");
  const { code, output, stdout } = await project.supabase(
    ["gen", "types", "--lang", "typescript", "--schema", schemas, `--remote=${dbUrl}`],
    project.directory,
  );
  if (code !== 0) throw new Error(`supabase gen types failed: ${output.trim()}`);
  // The generator does not format; a diff should show what changed.
  return project.format(stdout);
}
