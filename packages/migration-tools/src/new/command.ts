/** `new NAME`: a new migration and its undo, from the ordered template. */
import { parseArgs } from "node:util";
import { UsageError } from "../command/run-command.ts";
import type { Project } from "../project.ts";
import { createMigration } from "./create-migration.ts";

export const usage = (project: Project) => `Usage: ${project.call("new", "NAME [options]")}

Writes supabase/migrations/<UTC time>_NAME.sql and its undo in supabase/rollbacks, both from a
template with the sections in the order in which statements must stand.

  NAME            the topic in snake_case, e.g. clip_votes
  --workdir DIR   folder that holds supabase/
  --help          show this text

Exit code: 0 written, 2 wrong usage: a bad name, or one that is taken.`;

export async function run(project: Project, args: string[]): Promise<number> {
  const { positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" } },
  });
  const [name, ...others] = positionals;
  if (name === undefined) throw new UsageError("Give the migration a name.");
  if (others.length > 0) {
    throw new UsageError(`One name, not ${positionals.length}: ${positionals.join("_")}?`);
  }
  const { migration, rollback } = await createMigration(project, name);
  console.log(`${migration}\n${rollback}\n\nNext: write both, then ${project.call("lint")}`);
  return 0;
}
