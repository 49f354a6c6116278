import pg from "pg";
import type { Undo } from "./plan.ts";

/** A table in use makes its undo fail rather than everybody behind it wait. */
const lockTimeout = "10s";

/**
 * Undoes one migration: its statements and the removal of its row from the history in one
 * transaction, so that either both have happened or neither.
 * @throws Error with the file, the database's reason and the line it stands in
 */
export async function undoMigration(client: pg.Client, undo: Undo): Promise<void> {
  try {
    await client.query("begin");
    await client.query(`set local lock_timeout = '${lockTimeout}'`);
    await client.query(undo.sql);
    const { rowCount } = await client.query(
      "delete from supabase_migrations.schema_migrations where version = $1",
      [undo.version],
    );
    if (rowCount !== 1) throw new Error("somebody else has undone it meanwhile");
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw new Error(`${undo.file} failed: ${reasonOf(error, undo.sql)}`, { cause: error });
  }
}

function reasonOf(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError)) {
    return error instanceof Error ? error.message : String(error);
  }
  const { message, detail, position } = error;
  const line = position === undefined ? "" : ` in line ${lineAt(sql, Number(position))}`;
  const more = detail === undefined ? "" : ` (${detail.replaceAll("\n", "; ")})`;
  return `${message}${line}${more}`;
}

function lineAt(sql: string, position: number): number {
  return sql.slice(0, position - 1).split("\n").length;
}

/**
 * Undoes the migrations of a plan one after another and stops at the first that fails.
 * @throws Error that says which failed, why, and that the earlier ones were done
 */
export async function undoMigrations(
  client: pg.Client,
  undos: Undo[],
  onUndone: (undo: Undo) => void,
): Promise<void> {
  const done: Undo[] = [];
  for (const undo of undos) {
    try {
      await undoMigration(client, undo);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `${reason}.\nThat undo changed nothing. ` +
          (done.length === 0
            ? "None was done before it."
            : `Done before it, newest first: ${done.map(({ version }) => version).join(", ")}.`),
        { cause: error },
      );
    }
    done.push(undo);
    onUndone(undo);
  }
}
