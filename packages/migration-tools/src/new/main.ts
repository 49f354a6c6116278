/** `npm run db:new -- NAME`: a new migration and its undo, from the ordered template. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../../../../scripts/project-root.ts";
import { runCommand, UsageError } from "../command/run-command.ts";
import { createMigration } from "./create-migration.ts";

const usage = `Usage: npm run db:new -- NAME [options]

Writes supabase/migrations/<UTC time>_NAME.sql and its undo in supabase/rollbacks, both from a
template with the sections in the order in which statements must stand.

  NAME            the topic in snake_case, e.g. clip_votes
  --workdir DIR   folder that holds supabase/; default: this checkout
  --help          show this text

Exit code: 0 written, 2 wrong usage: a bad name, or one that is taken.`;

await runCommand("npm run db:new", async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { workdir: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [name, ...others] = positionals;
  if (name === undefined) throw new UsageError("Give the migration a name.");
  if (others.length > 0) {
    throw new UsageError(`One name, not ${positionals.length}: ${positionals.join("_")}?`);
  }
  const project = resolve(process.env.INIT_CWD ?? process.cwd(), values.workdir ?? projectRoot);
  const { migration, rollback } = await createMigration(project, name);
  console.log(`${migration}\n${rollback}\n\nNext: write both, then npm run db:lint`);
  return 0;
});
