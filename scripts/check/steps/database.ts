import {
  checkGenerated,
  databasePage,
  databaseTypes,
  type GeneratedFile,
  writeGenerated,
} from "@sideline/migration-tools";
import { sideline } from "../../db/sideline.ts";
import type { Step } from "../step.ts";

/** The TypeScript types are what Supabase's generator makes of the migrated database. */
export const types = upToDate("database types", databaseTypes);

/** docs/database.md is what the migrated database makes it. */
export const docs = upToDate("database docs", databasePage);

function upToDate(name: string, generated: GeneratedFile): Step {
  return {
    name,
    async run(context) {
      const { dbUrl } = await context.stack();
      if (context.write) {
        await writeGenerated(generated, sideline, dbUrl);
        return [];
      }
      const problem = await checkGenerated(generated, sideline, dbUrl);
      return problem === null ? [] : [problem];
    },
  };
}
