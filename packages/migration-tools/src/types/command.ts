/** `types`: the TypeScript types of the database that the migrations make. */
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import { Pool } from "pg";
import { type GeneratedFile, generate, usageOf } from "../generated.ts";
import type { Project } from "../project.ts";

export const databaseTypes: GeneratedFile = {
  command: "types",
  file: ({ typesFile }) => typesFile,
  textOf: typesOf,
};

export const usage = (project: Project) =>
  usageOf(
    databaseTypes,
    project,
    "what Supabase's type generator makes of a\ndatabase that was freshly migrated from the project's files.",
  );

export function run(project: Project, args: string[]): Promise<number> {
  return generate(databaseTypes, project, args);
}

/** By the library that `supabase gen types` uses; the CLI itself would run it in Docker. */
async function typesOf(project: Project, dbUrl: string): Promise<string> {
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
