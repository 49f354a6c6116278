import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../command/run-command.ts";
import type { HistoryEntry } from "../verify/history.ts";

/** One migration to undo. */
export interface Undo {
  version: string;
  /** Name of its file in `supabase/rollbacks`, which is also the migration's. */
  file: string;
  sql: string;
}

/**
 * What has to be undone so that `to` is the newest migration left, newest first.
 * @param project folder that holds `supabase/`
 * @param to a version that is applied, or `0` to undo everything
 * @throws UsageError where `to` is not applied
 * @throws Error where an undo is missing: then nothing is begun
 */
export async function planRollback(
  project: string,
  applied: HistoryEntry[],
  to: string,
): Promise<Undo[]> {
  if (to !== "0" && !applied.some(({ version }) => version === to)) {
    throw new UsageError(unknownVersion(applied, to));
  }
  const newest = applied.filter(({ version }) => to === "0" || version > to).reverse();
  const folder = path.join(project, "supabase", "rollbacks");
  const files = existsSync(folder) ? await readdir(folder) : [];
  const missing: string[] = [];
  const undos: Undo[] = [];
  for (const { version, name } of newest) {
    const file = files.find((candidate) => candidate.startsWith(`${version}_`));
    if (file === undefined) missing.push(`${version}_${name ?? "…"}.sql`);
    else undos.push({ version, file, sql: await readFile(path.join(folder, file), "utf8") });
  }
  if (missing.length > 0) {
    throw new Error(
      `supabase/rollbacks has no ${missing.join(", ")}: check out the commit that was pushed, or ` +
        "write the undo. Nothing was changed.",
    );
  }
  refuseOwnTransactions(undos);
  return undos;
}

function unknownVersion(applied: HistoryEntry[], to: string): string {
  if (applied.length === 0) return "The database has no applied migration: nothing can be undone.";
  const near = [...applied].sort((a, b) => distance(a.version, to) - distance(b.version, to));
  const names = near
    .slice(0, 3)
    .map(({ version, name }) => (name === null ? version : `${version} (${name})`));
  return `No migration ${to} is applied. Near it are ${names.join(", ")}; 0 undoes all.`;
}

/** How far apart two versions are in time, as a number that is good for sorting only. */
function distance(version: string, other: string): number {
  return /^\d+$/.test(other) ? Math.abs(Number(version) - Number(other.padEnd(14, "0"))) : 0;
}

/** An undo and its row of the history go together, in a transaction that the undo must not end. */
function refuseOwnTransactions(undos: Undo[]): void {
  const own = undos.find(({ sql }) =>
    /^\s*(begin|commit|rollback|start\s+transaction)\s*(transaction|work)?\s*;/im.test(sql),
  );
  if (own !== undefined) {
    throw new Error(
      `supabase/rollbacks/${own.file} begins or ends a transaction of its own: remove that, each ` +
        "undo runs in one already. Nothing was changed.",
    );
  }
}
