import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { endsWithStdin } from "./ends-with-stdin.ts";
import { guard } from "./guardian/guard.ts";
import { projectDirectory } from "./project.ts";
import { StackError } from "./stack-error.ts";

export interface Providers {
  url: string;
  stop(): Promise<void>;
}

const entry = path.join(projectDirectory, "packages/local-providers/src/cli.ts");
const readySchema = z.object({ url: z.url() });
const startDeadlineMs = 15_000;
const stopPatienceMs = 2_000;

/**
 * Starts the offline model and speech servers as a process of their own: decoding video and making
 * speech is work that must not hold up the gateway. It ends when its stdin closes.
 * @throws StackError `part_failed`
 */
export async function startProviders(
  log: (line: string) => void,
  { prewarm }: { prewarm: boolean },
): Promise<Providers> {
  const child = spawn(process.execPath, [entry, "--port", "0", ...(prewarm ? [] : ["--cold"])], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  guard(child, "group");
  const { ended, stop } = endsWithStdin(child, stopPatienceMs);
  createInterface({ input: child.stderr }).on("line", (line) => log(`providers: ${line}`));
  const lines = createInterface({ input: child.stdout });
  const firstLine = new Promise<string>((resolve) => lines.once("line", resolve));
  const deadline = new AbortController();
  const line = await Promise.race([
    firstLine,
    ended.then(() => undefined),
    sleep(startDeadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined),
  ]);
  deadline.abort();
  if (line === undefined) {
    await stop();
    throw new StackError("part_failed", "The offline model and speech servers did not start.");
  }
  return { url: readySchema.parse(JSON.parse(line)).url, stop };
}

/** Where functions find models and speech when the offline servers stand in for them. */
export function offlineEnvironment(url: string): Record<string, string> {
  return {
    GEMINI_BASE_URL: url,
    GEMINI_API_KEY: "offline",
    TTS_BASE_URL: url,
    TTS_API_KEY: "offline",
    TTS_ENCODING: "LINEAR16",
  };
}
