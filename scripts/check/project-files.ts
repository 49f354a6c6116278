import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../project-root.ts";
import { runTool } from "./run-tool.ts";

/** Every file of the project that git does not ignore, relative to its root, new ones included. */
export async function projectFiles(): Promise<string[]> {
  const { code, output } = await runTool("git", [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
  ]);
  if (code !== 0) throw new Error(`git cannot list the project's files: ${output.trim()}`);
  return output
    .split("\0")
    .filter((file) => file && existsSync(join(projectRoot, file)))
    .sort();
}
