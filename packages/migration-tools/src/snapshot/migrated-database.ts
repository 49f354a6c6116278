import { type DisposableDatabase, startDisposableDatabase } from "@sideline/local-stack";

/**
 * What the migrations of this checkout make of an empty database: a Postgres of its own, migrated
 * from the files as the embedded stack is. Takes some seconds; ended by `await using` or `close()`.
 * @param options.onProgress told in one line what takes long
 * @throws StackError where a migration fails, naming it and the reason
 */
export function migratedDatabase(
  options: { onProgress?(message: string): void } = {},
): Promise<DisposableDatabase> {
  return startDisposableDatabase(options);
}
