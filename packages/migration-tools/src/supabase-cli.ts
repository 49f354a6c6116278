import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import type { CliResult } from "./project.ts";

/** Runs the Supabase CLI of the project, or the one on the path; it answers yes by itself. */
export function runSupabaseCli(
  args: string[],
  directory: string,
  environment: Record<string, string> = {},
): Promise<CliResult> {
  const [program, ...first] = cliOf(directory);
  const child = spawn(program, [...first, ...args, "--yes", "--workdir", directory], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment, NO_COLOR: "1", CI: "1" },
  });
  const stop = () => child.kill();
  process.once("exit", stop);
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
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", stop);
      resolve({ code, output, stdout });
    });
  });
}

function cliOf(directory: string): [string, ...string[]] {
  try {
    const from = createRequire(path.join(directory, "package.json"));
    const folder = path.dirname(from.resolve("supabase/package.json"));
    return [process.execPath, path.join(folder, "dist", "supabase.js")];
  } catch {
    return ["supabase"];
  }
}
