/** `reset`: empties a database and applies all migrations to it. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { confirm } from "../command/confirm.ts";
import { failureIn, runDatabaseCli } from "../command/database-cli.ts";
import { here } from "../command/here.ts";
import { whilePaused } from "../command/pause-scheduler.ts";
import { UsageError } from "../command/run-command.ts";
import { withConnection } from "../connection/connect.ts";
import { chooseTarget, type Target, targetOptions } from "../connection/target.ts";
import type { Project } from "../project.ts";
import { verifyChange } from "../verify/verify-target.ts";
import { resetLocal } from "./local.ts";
import { rowsToLose } from "./losses.ts";

export const usage = (project: Project) => `Usage: ${project.call("reset", "[options]")}

Empties a database and applies all migrations to it (supabase db reset). Without a target it is
${project.local.name}, running or not; its seed is applied too, and where it runs it is verified
(${project.call("verify")}).
Any other database is shown with what it holds and asked about, and gets no seed.
${project.local.folder === null ? "" : `\n  --dir PATH     folder of ${project.local.name}; default: ${project.local.folder}`}
  --db-url URL   postgresql://USER:PASSWORD@HOST:PORT/DATABASE
  --linked       the hosted project that this checkout is linked to; its database password
                 is read from SUPABASE_DB_PASSWORD
  --yes          do not ask
  --workdir DIR  folder that holds supabase/
  --help         show this text

Exit code: 0 reset; 1 failed, differs, or not confirmed; 2 wrong usage, no connection, or nobody
there to confirm.`;

export async function run(project: Project, args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...targetOptions,
      dir: { type: "string" },
      yes: { type: "boolean" },
    },
  });
  if (values["db-url"] !== undefined || values.linked === true) {
    return await resetOther(project, await chooseTarget(project, values), values.yes === true);
  }
  const { local } = project;
  if (values.dir !== undefined && local.folder === null) {
    throw new UsageError(`There is no --dir: ${local.name} has no folder of its own.`);
  }
  const folder = values.dir === undefined ? local.folder : resolve(here(), values.dir);
  const url = await resetLocal(project, folder);
  console.log("Reset: all migrations and the seed are applied.");
  return url === null ? 0 : await verifyReset(project, url);
}

/** A reset leaves roles and default privileges as they are, so that differences may stay. */
async function verifyReset(project: Project, url: string): Promise<number> {
  const code = await verifyChange(project, await chooseTarget(project, { "db-url": url }));
  const { howToBeginAnew } = project.local;
  if (code !== 0 && howToBeginAnew !== null) {
    console.error(`These differences survive a reset. To begin anew: ${howToBeginAnew}`);
  }
  return code;
}

async function resetOther(project: Project, target: Target, yes: boolean): Promise<number> {
  const losses = await withConnection(target.url, (client) => rowsToLose(client, project.schemas));
  console.log(`A reset of ${target.label} removes everything in it:`);
  for (const loss of losses) console.log(`  ${loss}`);
  if (!(await confirm({ question: `Remove all that and reset ${target.label}?`, yes }))) {
    console.error("Nothing was changed.");
    return 1;
  }
  // The seed has the addresses of local stacks.
  const { code, output } = await whilePaused(project, target.url, () =>
    runDatabaseCli(project, ["db", "reset", "--no-seed"], target.url),
  );
  if (code !== 0) throw new Error(`${failureIn(output)}\nThe migrations before it are applied.`);
  console.log("Reset: all migrations are applied.");
  return 0;
}
