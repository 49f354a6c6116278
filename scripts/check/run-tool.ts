import { spawn } from "node:child_process";
import { projectRoot } from "../project-root.ts";

export interface ToolResult {
  code: number | null;
  /** Standard output and error, in the order they came. */
  output: string;
  stdout: string;
}

/** Runs a program of `node_modules/.bin` in the project's folder, quietly, with `input` to read. */
export function runTool(command: string, args: string[], input = ""): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectRoot,
      env: { ...process.env, PATH: `${projectRoot}/node_modules/.bin:${process.env.PATH ?? ""}` },
      stdio: "pipe",
    });
    child.stdin.end(input);
    let output = "";
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += String(chunk);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => {
        output += chunk;
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output, stdout }));
  });
}

/** The tool's words where it failed, nothing where it did not. */
export async function findingsOfTool(command: string, args: string[]): Promise<string[]> {
  const { code, output } = await runTool(command, args);
  if (code === 0) return [];
  return [output.trim() || `${command} ended with code ${code}`];
}
