import type { RelationshipOptions } from "@sideline/migration-tools";
import { insertSampleRows } from "@sideline/proving-ground/testing";

/** How the foreign keys of this project are exercised. Loads what that needs once it begins. */
export const relationships: RelationshipOptions = {
  typesImport: 'import type { DatabaseClient as Client, Database } from "@sideline/database";',
  insertSampleRows,
  async startPlace() {
    const { startTemporaryStack } = await import("@sideline/local-stack");
    return await startTemporaryStack({ cron: false, prewarm: false });
  },
};
