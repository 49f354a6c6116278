import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { UsageError } from "./command/run-command.ts";
import { defaultPage } from "./docs/page-options.ts";
import { defaultNames } from "./new/template.ts";
import type { LocalStack, MigratedDatabase, Project, ProjectOptions } from "./project.ts";
import { runSupabaseCli } from "./supabase-cli.ts";

/** What of `supabase/config.toml` is used. */
const config = z.object({
  api: z.object({ schemas: z.array(z.string()).default(["public"]) }).prefault({}),
  db: z.object({ port: z.int().default(54322) }).prefault({}),
});

/**
 * A project as the Supabase CLI has it: the local stack is that of `supabase start`.
 * @param options what is otherwise
 * @param reference a database that the migrations alone have made
 */
export function projectOf(
  options: ProjectOptions & { directory: string },
  reference?: string,
): Project {
  const { directory } = options;
  const { api, db } = readConfig(directory);
  const platform = ["graphql_public", "storage"];
  return {
    schemas: api.schemas.filter((schema) => !platform.includes(schema)),
    jobs: "",
    call: (command, args) => ["migration-tools", command, args].filter(Boolean).join(" "),
    local: cliStack(db.port),
    migratedDatabase: async () => {
      throw new UsageError(
        "There is nothing to compare with: give --reference URL, a database that the migrations " +
          "alone have made, such as a local stack after supabase db reset.",
      );
    },
    supabase: runSupabaseCli,
    format: async (source) => source,
    typesFile: "database.types.ts",
    page: defaultPage,
    relationships: null,
    migrationNames: defaultNames,
    ...options,
    ...(reference === undefined ? {} : { migratedDatabase: async () => standing(reference) }),
  };
}

/** A database that was there before and stays. */
function standing(dbUrl: string): MigratedDatabase {
  const close = async () => {};
  return { dbUrl, close, [Symbol.asyncDispose]: close };
}

function readConfig(directory: string): z.infer<typeof config> {
  const file = path.join(directory, "supabase", "config.toml");
  return config.parse(existsSync(file) ? parse(readFileSync(file, "utf8")) : {});
}

/** The stack of `supabase start`, which keeps no folder of ours. */
function cliStack(port: number): LocalStack {
  return {
    name: "the local stack",
    howToStart: "start it with supabase start",
    howToBeginAnew: "supabase stop --no-backup, then supabase start",
    folder: null,
    url: async () => `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    makeAnew: async () => {
      throw new UsageError("The local stack does not run: start it with supabase start.");
    },
    noteApplied: async () => {},
  };
}
