import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../project-root.ts";
import { projectFiles } from "../project-files.ts";
import type { Step } from "../step.ts";

const limit = 300;

/** A file holds one idea; past 300 lines it holds several. Generated files are left out. */
export const fileLength: Step = {
  name: "file length",
  async run() {
    const files = projectFiles().filter(
      (file) => /\.(ts|tsx|mjs|sql)$/.test(file) && !file.endsWith(".types.ts"),
    );
    return files.flatMap((file) => {
      const lines = readFileSync(join(projectRoot, file), "utf8").split("\n").length - 1;
      return lines > limit ? [`${file} has ${lines} lines; ${limit} is the end`] : [];
    });
  },
};
