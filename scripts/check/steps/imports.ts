import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { z } from "zod";
import { projectRoot } from "../../project-root.ts";
import { circularImports, deepImports, importGraph } from "../import-graph.ts";
import { projectFiles } from "../project-files.ts";
import type { Step } from "../step.ts";

const manifest = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.string()).default({}),
});

/** No file imports itself on a way round, and packages are entered by their names. */
export const imports: Step = {
  name: "imports",
  async run() {
    const files = projectFiles().filter((file) => /\.(ts|tsx|mjs)$/.test(file));
    const sources = new Map(
      files.map((file) => [file, readFileSync(join(projectRoot, file), "utf8")]),
    );
    const deep = deepImports(importGraph(sources));
    return [
      ...deep.map(
        ({ file, target }) => `${file} imports ${target}: import what its package exports`,
      ),
      ...circularImports(importGraph(sources, packageEntries())).map(
        (circle) => `circular import: ${circle.join(" → ")}`,
      ),
    ];
  },
};

/** The files behind `@sideline/local-stack`, `@sideline/local-stack/parts` and the like. */
function packageEntries(): Map<string, string> {
  const entries = new Map<string, string>();
  for (const file of globSync("packages/*/package.json", { cwd: projectRoot })) {
    const { name, exports } = manifest.parse(
      JSON.parse(readFileSync(join(projectRoot, file), "utf8")),
    );
    for (const [path, target] of Object.entries(exports)) {
      entries.set(posix.join(name, path), posix.join(posix.dirname(file), target));
    }
  }
  return entries;
}
