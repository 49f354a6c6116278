import { join } from "node:path";
import { runSupabaseCli } from "@sideline/local-stack";
import { checkTypes, writeTypes } from "@sideline/migration-tools";
import pg from "pg";
import { z } from "zod";
import { sideline } from "../../db/sideline.ts";
import { projectRoot } from "../../project-root.ts";
import type { Step, StepContext } from "../step.ts";

/** The TypeScript types are what the CLI generates from the migrated database. */
export const databaseTypes: Step = {
  name: "database types",
  async run(context) {
    const { dbUrl } = await context.stack();
    if (context.write) {
      await writeTypes(sideline, dbUrl);
      return [];
    }
    const problem = await checkTypes(sideline, dbUrl);
    return problem === null ? [] : [problem];
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
    const bound = await boundFunctions(context);
    return (
      lints
        .parse(JSON.parse(output))
        // In a database that was never queried no index was ever used.
        .filter(({ name }) => name !== "unused_index")
        .filter(
          ({ name, detail }) =>
            name !== "function_search_path_mutable" ||
            !bound.some((each) => detail.includes(`\`${each}\``)),
        )
        .map(({ name, level, detail }) => `${level} ${name}: ${detail}`)
    );
  },
};

/** Functions whose body was bound when they were made: no search path changes what they mean. */
async function boundFunctions(context: StepContext): Promise<string[]> {
  const client = new pg.Client({ connectionString: (await context.stack()).dbUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select n.nspname || '.' || p.proname as name
       from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
       where p.prosqlbody is not null and n.nspname in ('pipeline', 'public')`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function cli(context: StepContext, args: string[]): Promise<string> {
  const { dbUrl, dir } = await context.stack();
  const { code, output, stdout } = await runSupabaseCli([...args, `--db-url=${dbUrl}`], {
    projectDirectory: projectRoot,
    home: join(dir, "supabase-cli"),
  });
  if (code !== 0) throw new Error(`supabase ${args.join(" ")}: ${output.trim()}`);
  return stdout;
}
