import {
  exerciseAll,
  reachableIn,
} from "../../../packages/migration-tools/src/relationships/exercise-all.ts";
import { problemLines } from "../../../packages/migration-tools/src/relationships/report-table.ts";
import { typedQueries } from "../../../packages/migration-tools/src/relationships/typed-queries.ts";
import { checkTypedQueries } from "../../../packages/migration-tools/src/relationships/typed-queries-source.ts";
import type { Step } from "../step.ts";

/** Every embedding gives the rows of its SQL join, however it is asked for. */
export const relationships: Step = {
  name: "relationships",
  async run(context) {
    const stack = await context.stack();
    const outOfDate = await checkTypedQueries(await reachableIn(stack.dbUrl));
    if (outOfDate !== null) return [outOfDate];
    return problemLines(await exerciseAll(stack, typedQueries));
  },
};
