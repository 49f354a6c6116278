import { judge, readMigrationTexts, readState, report } from "@sideline/migration-tools";
import { sideline } from "../../db/sideline.ts";
import { projectRoot } from "../../project-root.ts";
import type { Step } from "../step.ts";

/**
 * The database of the whole stack, with all services started, is what the migrations alone make: no
 * service adds to it. (That they make the same each time, the tests of the rollbacks prove.)
 */
export const schema: Step = {
  name: "schema",
  async run(context) {
    const stack = await context.stack();
    await using fresh = await sideline.migratedDatabase(projectRoot, () => {});
    const expected = await readState(fresh.dbUrl, sideline);
    const verdict = judge(
      expected,
      await readState(stack.dbUrl, sideline),
      await readMigrationTexts(projectRoot),
    );
    return verdict.findings.length === 0 ? [] : [report(verdict, "the embedded stack")];
  },
};
