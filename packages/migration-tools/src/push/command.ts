/** `push`: applies pending migrations, after a look at them, and verifies the result. */
import { parseArgs } from "node:util";
import { confirm } from "../command/confirm.ts";
import { whilePaused } from "../command/pause-scheduler.ts";
import { chooseTarget, type Target, targetHelp, targetOptions } from "../connection/target.ts";
import type { Project } from "../project.ts";
import { verifyChange } from "../verify/verify-target.ts";
import { backupHint } from "./backup-hint.ts";
import { pendingMigrations, pushMigrations } from "./push-migrations.ts";

export const usage = (project: Project) => `Usage: ${project.call("push", "[options]")}

Shows which migrations a database lacks (supabase db push --dry-run), and how to back it up before.
Having asked, it applies them and then compares the database with what the migrations make of an
empty one (${project.call("verify")}), also where nothing was pending.
About ${project.local.name} it does not ask.

  --dry-run      show what is pending and change nothing
  --yes          do not ask
  --include-all  also apply migrations that are older than the newest applied one
${targetHelp(project)}
  --workdir DIR  folder that holds supabase/
  --help         show this text

Exit code: 0 pushed and verified; 1 failed, differs, or not confirmed; 2 wrong usage, no
connection, or nobody there to confirm.`;

export async function run(project: Project, args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...targetOptions,
      "dry-run": { type: "boolean" },
      yes: { type: "boolean" },
      "include-all": { type: "boolean" },
    },
  });
  const target = await chooseTarget(project, values);
  const plan = { url: target.url, project, includeAll: values["include-all"] ?? false };
  const pending = await pendingMigrations(plan);
  show(target, pending);
  if (pending.length > 0 && target.kind !== "local") console.log(backupHint(target, pending));
  if (values["dry-run"]) return 0;
  if (pending.length > 0) {
    const isSafe = target.kind === "local" || values.yes === true;
    const what = pending.length === 1 ? "1 migration" : `${pending.length} migrations`;
    if (!(await confirm({ question: `Apply ${what} to ${target.label}?`, yes: isSafe }))) {
      console.error("Nothing was changed.");
      return 1;
    }
    await whilePaused(project, target.url, () => pushMigrations(plan));
    if (target.kind === "local") await note(project, pending);
    console.log(`Applied ${what}.`);
  }
  return await verifyChange(project, target);
}

function show(target: Target, pending: string[]): void {
  if (pending.length === 0) {
    console.log(`Nothing is pending in ${target.label}.`);
    return;
  }
  console.log(`Pending in ${target.label}:`);
  for (const file of pending) console.log(`  ${file}`);
}

async function note({ directory, local }: Project, pending: string[]): Promise<void> {
  const versions = pending.map((file) => file.split("_", 1)[0] ?? "");
  await local.noteApplied({ directory, versions, seed: false }, local.folder);
}
