import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { endsWithStdin } from "./ends-with-stdin.ts";
import { guard } from "./guardian/guard.ts";
import { projectDirectory } from "./project.ts";

export interface RenderWorker {
  stop(): Promise<void>;
}

/** Run, never imported: the video encoder in it is GPL. */
const entry = path.join(projectDirectory, "packages/render-worker/src/worker/cli.ts");
const stopPatienceMs = 5_000;

/**
 * Starts the program that makes coached videos. A machine for which there is no encoder has none:
 * it says so in the log, and renders wait for a worker elsewhere. It ends when its stdin closes.
 */
export function startRenderWorker(
  options: { apiUrl: string; secretKey: string },
  log: (line: string) => void,
): RenderWorker {
  const child = spawn(process.execPath, [entry, "--until-stdin-ends"], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    env: {
      PATH: process.env.PATH,
      TMPDIR: process.env.TMPDIR,
      NODE_NO_WARNINGS: "1",
      SUPABASE_URL: options.apiUrl,
      SUPABASE_SECRET_KEY: options.secretKey,
      RENDER_POLL_MS: "500",
    },
  });
  guard(child, "group");
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on("line", (line) => log(`render worker: ${line}`));
  }
  return endsWithStdin(child, stopPatienceMs);
}
