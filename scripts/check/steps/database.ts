import { checkTypes, writeTypes } from "@sideline/migration-tools";
import { sideline } from "../../db/sideline.ts";
import type { Step } from "../step.ts";

/** The TypeScript types are what the CLI generates from the migrated database. */
export const databaseTypes: Step = {
  name: "database types",
  async run(context) {
    const { dbUrl } = await context.stack();
    if (context.write) {
      await writeTypes(sideline, dbUrl);
      return [];
    }
    const problem = await checkTypes(sideline, dbUrl);
    return problem === null ? [] : [problem];
  },
};
