import {
  checkTypedQueries,
  exerciseAll,
  problemLines,
  reachableIn,
  typedQueries,
} from "@sideline/migration-tools";
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
