/** `rollback --to VERSION`: undoes migrations by their files in supabase/rollbacks. */
import { parseArgs } from "node:util";
import type pg from "pg";
import { confirm } from "../command/confirm.ts";
import { whilePaused } from "../command/pause-scheduler.ts";
import { UsageError } from "../command/run-command.ts";
import { connect } from "../connection/connect.ts";
import { chooseTarget, targetHelp, targetOptions } from "../connection/target.ts";
import type { Project } from "../project.ts";
import { readHistory } from "../verify/history.ts";
import { lossesOf } from "./losses.ts";
import { planRollback, type Undo } from "./plan.ts";
import { undoMigrations } from "./undo.ts";

export const usage = (
  project: Project,
) => `Usage: ${project.call("rollback", "--to VERSION [options]")}

Undoes every migration newer than VERSION, newest first, by its file in supabase/rollbacks. Each
undo is one transaction, together with the removal of its row from the history. The plan and what
goes with it is shown first; anything but ${project.local.name} is asked about.

  --to VERSION   the newest migration to keep, or its file's name; 0 undoes all
  --dry-run      show the plan and change nothing
  --yes          do not ask
${targetHelp(project)}
  --workdir DIR  folder that holds supabase/
  --help         show this text

Exit code: 0 undone, or nothing to undo; 1 failed, or not confirmed; 2 wrong usage, no connection, or
nobody there to confirm.`;

export async function run(project: Project, args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...targetOptions,
      to: { type: "string" },
      "dry-run": { type: "boolean" },
      yes: { type: "boolean" },
    },
  });
  if (values.to === undefined) throw new UsageError("Say how far: --to VERSION.");
  // Of a file's name the digits are the version.
  const version = /^(\d+)(?:_.*)?$/.exec(values.to)?.[1];
  if (version === undefined) {
    throw new UsageError(`--to wants a version, the digits before the name, not "${values.to}".`);
  }
  const target = await chooseTarget(project, values);
  const client = await connect(target.url);
  try {
    const undos = await planRollback(project.directory, await readHistory(client), version);
    if (undos.length === 0) {
      console.log(`Nothing to undo in ${target.label}.`);
      return 0;
    }
    await showPlan(client, target.label, undos);
    if (values["dry-run"]) return 0;
    const isSafe = target.kind === "local" || values.yes === true;
    const what = undos.length === 1 ? "1 migration" : `${undos.length} migrations`;
    const question = `Undo ${what} in ${target.label}?`;
    if (!(await confirm({ question, yes: isSafe }))) {
      console.error("Nothing was changed.");
      return 1;
    }
    await whilePaused(project, target.url, () =>
      undoMigrations(client, undos, ({ file }) => console.log(`  undone ${file}`)),
    );
    console.log(`Done. What was undone is pending again: ${project.call("push")} applies it.`);
    return 0;
  } finally {
    await client.end();
  }
}

async function showPlan(client: pg.Client, label: string, undos: Undo[]): Promise<void> {
  console.log(`To undo in ${label}, in this order:`);
  for (const undo of undos) {
    const losses = await lossesOf(client, undo);
    const warning = losses.length === 0 ? "" : `   removes ${losses.join(", ")}`;
    console.log(`  ${undo.file}${warning}`);
  }
}
