import { globSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../project-root.ts";
import { findingsOfTool } from "../run-tool.ts";
import type { Step } from "../step.ts";

export const formatAndLint: Step = {
  name: "format and lint",
  run: ({ write }) =>
    findingsOfTool("biome", ["check", "--error-on-warnings", ...(write ? ["--write"] : [])]),
};

export const types: Step = {
  name: "types (Node)",
  run: () => findingsOfTool("tsc", ["--project", ".", "--noEmit"]),
};

/** Each function with its own import map, against the packages of the checkout. */
export const functionTypes: Step = {
  name: "types (Deno)",
  async run() {
    const functions = globSync("supabase/functions/*/index.ts", { cwd: projectRoot }).sort();
    if (functions.length === 0) return ["supabase/functions has no function"];
    const findings = await Promise.all(
      functions.map((entry) =>
        findingsOfTool("deno", [
          "check",
          "--quiet",
          "--node-modules-dir=manual",
          `--config=${join(entry, "..", "deno.json")}`,
          entry,
        ]),
      ),
    );
    return findings.flat();
  },
};
