import { execFile } from "node:child_process";
import { projectRoot } from "../project-root.ts";

export interface ToolResult {
  code: number | null;
  /** Standard output, then error. */
  output: string;
  stdout: string;
}

/** Runs a program of `node_modules/.bin` in the project's folder, quietly, with `input` to read. */
export function runTool(command: string, args: string[], input = ""): Promise<ToolResult> {
  const env = {
    ...process.env,
    PATH: `${projectRoot}/node_modules/.bin:${process.env.PATH ?? ""}`,
  };
  const options = { cwd: projectRoot, env, maxBuffer: Number.POSITIVE_INFINITY };
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (typeof error?.code === "string") reject(error);
      else resolve({ code: child.exitCode, output: stdout + stderr, stdout });
    });
    child.stdin?.end(input);
  });
}

/** The tool's words where it failed, nothing where it did not. */
export async function findingsOfTool(command: string, args: string[]): Promise<string[]> {
  const { code, output } = await runTool(command, args);
  if (code === 0) return [];
  return [output.trim() || `${command} ended with code ${code}`];
}
