import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { temporaryFolder } from "@sideline/local-stack";
import { z } from "zod";

const placeSchema = z.object({
  apiUrl: z.string(),
  dbUrl: z.string(),
  adminDbUrl: z.string(),
  publishableKey: z.string(),
  jwtSecret: z.string(),
});

export interface StackProcess extends z.infer<typeof placeSchema> {
  stop(): Promise<void>;
}

/**
 * A stack in a process and a folder of its own, so that it shares nothing with what measures it.
 * @param functionsEnv where given, the functions find their providers by it
 * @param track is told at once how to stop it, for a run that is broken off
 */
export async function startStackProcess(
  functionsEnv: Record<string, string> | null,
  track: (stop: () => Promise<void>) => void = () => {},
): Promise<StackProcess> {
  const dir = await temporaryFolder();
  const program = path.join(import.meta.dirname, "stack-process.ts");
  const options = JSON.stringify({ dir, functionsEnv });
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
