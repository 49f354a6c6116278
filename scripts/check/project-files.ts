import { globSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../project-root.ts";

/** What git ignores too. Git itself is not asked: a bare machine need not have it. */
const left = new Set(["node_modules", ".git", ".local", ".temp", ".branches", "out", "coverage"]);

/** Every file of the project, relative to its root, sorted. */
export function projectFiles(): string[] {
  return globSync("**/*", { cwd: projectRoot, exclude: (path) => left.has(basename(path)) })
    .concat(globSync(".*/**/*", { cwd: projectRoot, exclude: (path) => left.has(basename(path)) }))
    .filter((file) => statSync(join(projectRoot, file)).isFile())
    .sort();
}
