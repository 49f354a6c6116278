import { checkPage, writePage } from "@sideline/migration-tools";
import { sideline } from "../../db/sideline.ts";
import type { Step } from "../step.ts";

/** docs/database.md is what the migrated database makes it. */
export const databaseDocs: Step = {
  name: "database docs",
  async run(context) {
    const { dbUrl } = await context.stack();
    if (context.write) {
      await writePage(sideline, dbUrl);
      return [];
    }
    const problem = await checkPage(sideline, dbUrl);
    return problem === null ? [] : [problem];
  },
};
