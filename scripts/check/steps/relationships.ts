import { exerciseAll, problemLines, typeProblems } from "@sideline/migration-tools";
import { relationships as options } from "../../db/relationships.ts";
import { sideline } from "../../db/sideline.ts";
import { projectRoot } from "../../project-root.ts";
import type { Step } from "../step.ts";

/** Every embedding gives the rows of its SQL join, however it is asked for, and the types know it. */
export const relationships: Step = {
  name: "relationships",
  async run(context) {
    const stack = await context.stack();
    const report = await exerciseAll(sideline.schemas, options, stack);
    const relationships = report.exercises.map(({ relationship }) => relationship);
    return [
      ...problemLines(report),
      ...(await typeProblems(projectRoot, options.typesImport, relationships)),
    ];
  },
};
