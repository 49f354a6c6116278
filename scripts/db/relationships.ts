import type { RelationshipOptions } from "@sideline/migration-tools";

/** How the foreign keys of this project are exercised. Loads what that needs once it begins. */
export const relationships: RelationshipOptions = {
  typesImport: 'import type { DatabaseClient as Client, Database } from "@sideline/database";',
  async insertSampleRows(client, userId) {
    const { insertSampleRows } = await import("@sideline/proving-ground/testing");
    await insertSampleRows(client, userId);
  },
  async startPlace() {
    const { startTemporaryStack } = await import("@sideline/local-stack");
    return await startTemporaryStack({ cron: false, prewarm: false });
  },
};
