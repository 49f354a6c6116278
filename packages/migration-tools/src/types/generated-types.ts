import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import { Pool } from "pg";
import type { Project } from "../project.ts";

/**
 * Compares the committed types with what Supabase's generator makes of the database.
 * @param dbUrl of a migrated database, as role `postgres`
 * @returns one sentence for what is out of date; null where nothing is
 */
export async function checkTypes(project: Project, dbUrl: string): Promise<string | null> {
  if ((await committedTypes(project)) === (await generateTypes(project, dbUrl))) return null;
  return `${project.typesFile} is not what the migrations make: ${project.call("types")}`;
}

/**
 * Writes the types that Supabase's generator makes of the database.
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

/** By the library that `supabase gen types` uses; the CLI itself would run it in Docker. */
async function generateTypes(project: Project, dbUrl: string): Promise<string> {
  const pool = new Pool({ connectionString: dbUrl });
  try {
    const metadata = await introspect(pool, { includedSchemas: [...project.schemas] });
    // The generator formats in its own way; a diff should show what changed.
    return await project.format(
      await generateTypescript(sortGeneratorMetadata(metadata), {
        detectOneToOneRelationships: true,
      }),
    );
  } finally {
    await pool.end();
  }
}
