import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { startInstantProviders } from "./instant-providers.ts";

const placeSchema = z.object({
  apiUrl: z.string(),
  dbUrl: z.string(),
  adminDbUrl: z.string(),
  publishableKey: z.string(),
});

export interface PipelineStack extends z.infer<typeof placeSchema> {
  stop(): Promise<void>;
}

/**
 * A stack as in production, cron and pings included, with providers that answer at once.
 * @param track is told at once how to stop it, for a run that is broken off
 * @param functionsEnv more environment for the functions
 */
export async function startPipelineStack(
  track: (stop: () => Promise<void>) => void,
  functionsEnv: Record<string, string> = {},
): Promise<PipelineStack> {
  const dir = await mkdtemp(path.join(tmpdir(), "sideline-bench-"));
  // Postgres runs under another account where this runs as root, and has to get in.
  await chmod(dir, 0o711);
  const providers = await startInstantProviders();
  const environment = {
    GEMINI_BASE_URL: providers.url,
    GEMINI_API_KEY: "bench",
    TTS_BASE_URL: providers.url,
    TTS_API_KEY: "bench",
    ...functionsEnv,
  };
  const program = path.join(import.meta.dirname, "stack-process.ts");
  const options = JSON.stringify({ dir, functionsEnv: environment });
  const child = spawn(process.execPath, [program, options], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {});
  const log: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    log.push(line);
    if (log.length > 20) log.shift();
  });
  const ended = once(child, "exit");
  const stop = async () => {
    child.stdin.end();
    await ended;
    await providers.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  track(stop);
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  if (typeof line !== "string") {
    await stop();
    throw new Error(`The stack did not start.\n${log.join("\n")}`);
  }
  return { ...placeSchema.parse(JSON.parse(line)), stop };
}
