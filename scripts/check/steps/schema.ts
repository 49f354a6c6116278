import {
  judge,
  migratedDatabase,
  readMigrationTexts,
  readState,
  report,
} from "@sideline/migration-tools";
import { projectRoot } from "../../project-root.ts";
import type { Step } from "../step.ts";

/**
 * The database of the whole stack, with all services started, is what the migrations alone make:
 * they make the same each time, and no service adds to it.
 */
export const schema: Step = {
  name: "schema",
  async run(context) {
    const stack = await context.stack();
    await using fresh = await migratedDatabase();
    const expected = await readState(fresh.dbUrl);
    const verdict = judge(
      expected,
      await readState(stack.dbUrl),
      await readMigrationTexts(projectRoot),
    );
    return verdict.findings.length === 0 ? [] : [report(verdict, "the embedded stack")];
  },
};
