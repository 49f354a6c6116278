import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readObstacles, withObstacles, withTransitions } from "@sideline/proving-ground";
import { projectRoot } from "../../project-root.ts";
import type { Step, StepContext } from "../step.ts";

/** docs/state-machine.md shows the transitions that the tests walk. */
export const stateMachine = sectionUpToDate(
  "state machine docs",
  "docs/state-machine.md",
  async (document) => withTransitions(document),
);

/** docs/scale.md lists what stands in the way of distributing this schema. */
export const scale = sectionUpToDate("scale docs", "docs/scale.md", async (document, { stack }) =>
  withObstacles(document, await readObstacles((await stack()).dbUrl)),
);

function sectionUpToDate(
  name: string,
  page: string,
  rewrite: (document: string, context: StepContext) => Promise<string>,
): Step {
  return {
    name,
    async run(context) {
      const file = join(projectRoot, page);
      const current = await readFile(file, "utf8");
      const wanted = await rewrite(current, context);
      if (current === wanted) return [];
      if (!context.write) return [`${page} is not up to date: npm run check -- --write`];
      await writeFile(file, wanted);
      return [];
    },
  };
}
