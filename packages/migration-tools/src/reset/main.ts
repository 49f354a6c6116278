/** `npm run db:reset`: empties a database and applies all migrations to it. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../../../../scripts/project-root.ts";
import { confirm } from "../command/confirm.ts";
import { failureIn, runDatabaseCli } from "../command/database-cli.ts";
import { whilePaused } from "../command/pause-scheduler.ts";
import { runCommand } from "../command/run-command.ts";
import { connect } from "../connection/connect.ts";
import { chooseTarget, type Target, targetOptions } from "../connection/target.ts";
import { verify } from "../push/verify.ts";
import { resetEmbedded } from "./embedded.ts";
import { rowsToLose } from "./losses.ts";

const usage = `Usage: npm run db:reset [-- options]

Empties a database and applies all migrations to it (supabase db reset). Without a target it is the
embedded stack of this checkout, running or not; its seed is applied too, and where it runs it is
verified (npm run db:verify). Any other database is
shown with what it holds and asked about, and gets no seed.

  --dir PATH     folder of the embedded stack; default: .local/stack
  --db-url URL   postgresql://USER:PASSWORD@HOST:PORT/DATABASE
  --linked       the hosted project that this checkout is linked to; its database password
                 is read from SUPABASE_DB_PASSWORD
  --yes          do not ask
  --help         show this text

Exit code: 0 reset; 1 failed, differs, or not confirmed; 2 wrong usage, no connection, or nobody
there to confirm.`;

await runCommand("npm run db:reset", async () => {
  const { values } = parseArgs({
    options: {
      ...targetOptions,
      dir: { type: "string" },
      yes: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values["db-url"] === undefined && values.linked !== true) {
    const here = process.env.INIT_CWD ?? process.cwd();
    const directory = values.dir ? resolve(here, values.dir) : resolve(projectRoot, ".local/stack");
    const url = await resetEmbedded(directory, projectRoot);
    console.log("Reset: all migrations and the seed are applied.");
    return url === null ? 0 : await verifyReset(url);
  }
  return await resetOther(await chooseTarget(values), values.yes === true);
});

/** A reset leaves roles and default privileges as they are, so that differences may stay. */
async function verifyReset(url: string): Promise<number> {
  const code = await verify(await chooseTarget({ "db-url": url }));
  if (code !== 0) {
    console.error("These differences survive a reset. To begin anew: npm start -- --reset");
  }
  return code;
}

async function resetOther(target: Target, yes: boolean): Promise<number> {
  const client = await connect(target.url);
  const losses = await rowsToLose(client).finally(() => client.end());
  console.log(`A reset of ${target.label} removes everything in it:`);
  for (const loss of losses) console.log(`  ${loss}`);
  if (!(await confirm({ question: `Remove all that and reset ${target.label}?`, yes }))) {
    console.error("Nothing was changed.");
    return 1;
  }
  const place = { url: target.url, project: projectRoot };
  // The seed has the addresses of local stacks.
  const { code, output } = await whilePaused(target.url, () =>
    runDatabaseCli(["db", "reset", "--no-seed"], place),
  );
  if (code !== 0) throw new Error(`${failureIn(output)}\nThe migrations before it are applied.`);
  console.log("Reset: all migrations are applied.");
  return 0;
}
