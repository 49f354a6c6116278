/** `npm run db:push`: applies pending migrations, after a look at them, and verifies the result. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { noteApplied } from "@sideline/local-stack";
import { projectRoot } from "../../../../scripts/project-root.ts";
import { confirm } from "../command/confirm.ts";
import { whilePaused } from "../command/pause-scheduler.ts";
import { runCommand } from "../command/run-command.ts";
import { chooseTarget, type Target, targetHelp, targetOptions } from "../connection/target.ts";
import { backupHint } from "./backup-hint.ts";
import { pendingMigrations, pushMigrations } from "./push-migrations.ts";
import { verify } from "./verify.ts";

const usage = `Usage: npm run db:push [-- options]

Shows which migrations a database lacks (supabase db push --dry-run), and how to back it up before.
Having asked, it applies them and then compares the database with what the migrations make of an
empty one (npm run db:verify), also where nothing was pending. The embedded stack is not asked about.

  --dry-run      show what is pending and change nothing
  --yes          do not ask
  --include-all  also apply migrations that are older than the newest applied one
${targetHelp}
  --workdir DIR  folder that holds supabase/; default: this checkout
  --help         show this text

Exit code: 0 pushed and verified; 1 failed, differs, or not confirmed; 2 wrong usage, no
connection, or nobody there to confirm.`;

await runCommand("npm run db:push", async () => {
  const { values } = parseArgs({
    options: {
      ...targetOptions,
      "dry-run": { type: "boolean" },
      yes: { type: "boolean" },
      "include-all": { type: "boolean" },
      workdir: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const target = await chooseTarget(values);
  const here = process.env.INIT_CWD ?? process.cwd();
  const plan = {
    url: target.url,
    project: values.workdir ? resolve(here, values.workdir) : projectRoot,
    includeAll: values["include-all"] ?? false,
  };
  const pending = await pendingMigrations(plan);
  show(target, pending);
  if (pending.length > 0 && target.kind !== "embedded") console.log(backupHint(target, pending));
  if (values["dry-run"]) return 0;
  if (pending.length > 0) {
    const isSafe = target.kind === "embedded" || values.yes === true;
    const what = pending.length === 1 ? "1 migration" : `${pending.length} migrations`;
    if (!(await confirm({ question: `Apply ${what} to ${target.label}?`, yes: isSafe }))) {
      console.error("Nothing was changed.");
      return 1;
    }
    await whilePaused(target.url, () => pushMigrations(plan));
    if (target.kind === "embedded") await note(plan.project, pending);
    console.log(`Applied ${what}.`);
  }
  return await verify(target);
});

function show(target: Target, pending: string[]): void {
  if (pending.length === 0) {
    console.log(`Nothing is pending in ${target.label}.`);
    return;
  }
  console.log(`Pending in ${target.label}:`);
  for (const file of pending) console.log(`  ${file}`);
}

async function note(project: string, pending: string[]): Promise<void> {
  const versions = pending.map((file) => file.split("_", 1)[0] ?? "");
  const directory = resolve(projectRoot, ".local/stack");
  await noteApplied({ directory, projectDirectory: project }, { versions, seed: false });
}
