import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Place, RelationshipOptions } from "@sideline/migration-tools";
import { insertSampleRows } from "./sample-rows.ts";

/** How the foreign keys of this project are exercised. Loads what that needs once it begins. */
export const relationships: RelationshipOptions = {
  typesImport: 'import type { DatabaseClient as Client, Database } from "@sideline/database";',
  insertSampleRows,
  startPlace,
};

/** An embedded stack in a temporary folder. */
async function startPlace(): Promise<Place & AsyncDisposable> {
  const { startStack } = await import("@sideline/local-stack");
  const dir = await mkdtemp(join(tmpdir(), "sideline-relationships-"));
  // Postgres runs under another account where this runs as root, and has to get in.
  await chmod(dir, 0o711);
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    const stack = await startStack({
      dir,
      port: 0,
      dbPort: 0,
      cron: false,
      durable: false,
      prewarm: false,
    });
    const { apiUrl, dbUrl, publishableKey, secretKey } = stack;
    return {
      apiUrl,
      dbUrl,
      publishableKey,
      secretKey,
      async [Symbol.asyncDispose]() {
        await stack.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
