import {
  checkTypedQueries,
  exerciseAll,
  problemLines,
  reachableIn,
} from "@sideline/migration-tools";
import { relationships as options } from "../../db/relationships.ts";
import { sideline } from "../../db/sideline.ts";
import type { Step } from "../step.ts";

/** Every embedding gives the rows of its SQL join, however it is asked for. */
export const relationships: Step = {
  name: "relationships",
  async run(context) {
    const stack = await context.stack();
    const reachable = await reachableIn(sideline.schemas, stack.dbUrl);
    const outOfDate = await checkTypedQueries({ ...sideline, relationships: options }, reachable);
    if (outOfDate !== null) return [outOfDate];
    return problemLines(await exerciseAll(sideline.schemas, options, stack));
  },
};
