import { checkPage, writePage } from "@sideline/migration-tools";
import type { Step } from "../step.ts";

/** docs/database.md is what the migrated database makes it. */
export const databaseDocs: Step = {
  name: "database docs",
  async run(context) {
    const { dbUrl } = await context.stack();
    if (context.write) {
      await writePage(dbUrl);
      return [];
    }
    const problem = await checkPage(dbUrl);
    return problem === null ? [] : [problem];
  },
};
