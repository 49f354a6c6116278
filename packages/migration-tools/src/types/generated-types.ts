import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runSupabaseCli } from "@sideline/local-stack";
import { runTool } from "../../../../scripts/check/run-tool.ts";
import { projectRoot } from "../../../../scripts/project-root.ts";

/** Where the generated types are committed, relative to the project's root. */
export const typesFile = "packages/database/src/database.types.ts";

export interface TypesSource {
  /** A migrated database, as role `postgres`. */
  dbUrl: string;
  /** A folder for the CLI's own files. */
  home: string;
}

/**
 * Compares the committed types with what the CLI makes of the database.
 * @returns one sentence for what is out of date; null where nothing is
 */
export async function checkTypes(source: TypesSource): Promise<string | null> {
  if ((await committedTypes()) === (await generateTypes(source))) return null;
  return `${typesFile} is not what the migrations make: npm run db:types`;
}

/**
 * Writes the types that the CLI makes of the database.
 * @returns whether the file has changed
 */
export async function writeTypes(source: TypesSource): Promise<boolean> {
  const generated = await generateTypes(source);
  if ((await committedTypes()) === generated) return false;
  await writeFile(join(projectRoot, typesFile), generated);
  return true;
}

function committedTypes(): Promise<string | null> {
  return readFile(join(projectRoot, typesFile), "utf8").catch(() => null);
}

async function generateTypes({ dbUrl, home }: TypesSource): Promise<string> {
  const { code, output, stdout } = await runSupabaseCli(
    ["gen", "types", "--lang", "typescript", "--schema", "public,pipeline", `--remote=${dbUrl}`],
    { projectDirectory: projectRoot, home },
  );
  if (code !== 0) throw new Error(`supabase gen types failed: ${output.trim()}`);
  return format(stdout);
}

/** The generator does not format; a diff should show what changed. */
async function format(source: string): Promise<string> {
  const { code, output, stdout } = await runTool(
    "biome",
    ["format", "--stdin-file-path=generated.ts"],
    source,
  );
  if (code !== 0) throw new Error(`biome cannot format the generated types: ${output.trim()}`);
  return stdout;
}
