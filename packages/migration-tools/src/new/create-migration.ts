import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../command/run-command.ts";
import type { Project } from "../project.ts";
import { migrationTemplate, rollbackTemplate } from "./template.ts";
import { nextVersion } from "./version.ts";

export interface NewMigration {
  /** Both paths from the project's root. */
  migration: string;
  rollback: string;
}

/**
 * Writes an empty migration and its undo from the templates.
 * @param name its topic in snake_case
 * @throws UsageError where the name is bad or taken
 */
export async function createMigration(
  { directory, migrationNames }: Pick<Project, "directory" | "migrationNames">,
  name: string,
  now: Date = new Date(),
): Promise<NewMigration> {
  checkName(name);
  const migrations = path.join(directory, "supabase", "migrations");
  const rollbacks = path.join(directory, "supabase", "rollbacks");
  await mkdir(migrations, { recursive: true });
  await mkdir(rollbacks, { recursive: true });
  const existing = (await readdir(migrations)).flatMap((file) => {
    const [, version, topic] = /^(\d{14})_(.+)\.sql$/.exec(file) ?? [];
    return version === undefined || topic === undefined ? [] : [{ file, version, topic }];
  });
  const taken = existing.find(({ topic }) => topic === name);
  if (taken !== undefined) {
    throw new UsageError(
      `There is a migration of that name, ${taken.file}: name what this one changes.`,
    );
  }
  const last = existing.map(({ version }) => version).sort();
  const file = `${nextVersion(last.at(-1) ?? null, now)}_${name}.sql`;
  // "wx": two people, or two terminals, never overwrite each other's file.
  await writeFile(path.join(migrations, file), migrationTemplate(file, migrationNames), {
    flag: "wx",
  });
  await writeFile(path.join(rollbacks, file), rollbackTemplate(file, migrationNames), {
    flag: "wx",
  });
  return { migration: `supabase/migrations/${file}`, rollback: `supabase/rollbacks/${file}` };
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) && name.length <= 60) return;
  const proposal = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[_0-9]+|_+$/g, "")
    .slice(0, 60);
  throw new UsageError(
    `"${name}" is not a name for a migration: up to 60 lower-case letters, digits and single ` +
      `underscores, a letter first${proposal === "" ? "" : `, for example ${proposal}`}.`,
  );
}
