import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withTransitions } from "@sideline/proving-ground";
import { projectRoot } from "../../project-root.ts";
import type { Step } from "../step.ts";

const page = "docs/state-machine.md";

/** docs/state-machine.md shows the transitions that the tests walk. */
export const stateMachine: Step = {
  name: "state machine docs",
  async run({ write }) {
    const file = join(projectRoot, page);
    const current = await readFile(file, "utf8");
    const wanted = withTransitions(current);
    if (current === wanted) return [];
    if (!write)
      return [`${page} shows other transitions than the tests walk: npm run check -- --write`];
    await writeFile(file, wanted);
    return [];
  },
};
