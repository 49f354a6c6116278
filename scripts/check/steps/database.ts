import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runSupabaseCli } from "@sideline/local-stack";
import { z } from "zod";
import { projectRoot } from "../../project-root.ts";
import { runTool } from "../run-tool.ts";
import type { Step, StepContext } from "../step.ts";

const typesFile = "packages/database/src/database.types.ts";

/** The TypeScript types are what the CLI generates from the migrated database. */
export const databaseTypes: Step = {
  name: "database types",
  async run(context) {
    const file = join(projectRoot, typesFile);
    const generated = await format(
      await cli(context, ["gen", "types", "--lang", "typescript", "--schema", "public,pipeline"]),
    );
    const current = await readFile(file, "utf8").catch(() => null);
    if (current === generated) return [];
    if (!context.write)
      return [`${typesFile} is not what the migrations make: npm run check -- --write`];
    await writeFile(file, generated);
    return [];
  },
};

/** What `supabase db advisors` prints, as far as it is shown here. */
const lints = z.array(z.object({ name: z.string(), level: z.string(), detail: z.string() }));

/** Supabase's own security and performance lints have nothing to say. */
export const advisors: Step = {
  name: "advisors",
  async run(context) {
    const output = await cli(context, ["db", "advisors", "--level", "info", "--fail-on", "none"]);
    if (!output.trim().startsWith("[")) return /no issues/i.test(output) ? [] : [output.trim()];
    return (
      lints
        .parse(JSON.parse(output))
        // In a database that was never queried no index was ever used.
        .filter(({ name }) => name !== "unused_index")
        .map(({ name, level, detail }) => `${level} ${name}: ${detail}`)
    );
  },
};

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

async function cli(context: StepContext, args: string[]): Promise<string> {
  const { dbUrl, dir } = await context.stack();
  const { code, output, stdout } = await runSupabaseCli([...args, `--remote=${dbUrl}`], {
    projectDirectory: projectRoot,
    home: join(dir, "supabase-cli"),
  });
  if (code !== 0) throw new Error(`supabase ${args.join(" ")}: ${output.trim()}`);
  return stdout;
}
