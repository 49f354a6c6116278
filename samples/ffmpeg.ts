import { spawn } from "node:child_process";
import { once } from "node:events";

/** Runs ffmpeg with `input` on its stdin. Throws when ffmpeg is missing or fails, with its last words. */
export async function runFfmpeg(
  args: string[],
  input: Iterable<Uint8Array> = [],
  program = "ffmpeg",
): Promise<void> {
  const child = spawn(program, ["-hide_banner", "-loglevel", "error", "-y", ...args], {
    stdio: ["pipe", "inherit", "pipe"],
  });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-2_000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = "ffmpeg is needed to make clips and was not found: install it and try again";
      reject(error.code === "ENOENT" ? new Error(missing) : error);
    });
    child.on("close", resolve);
  });
  // A child that ends early closes its stdin; its exit code and words say why, not the EPIPE.
  child.stdin.on("error", () => {});
  for (const part of input) {
    if (child.stdin.destroyed) break;
    // The producer reuses its buffer, so every part is copied before it is queued.
    if (!child.stdin.write(Uint8Array.from(part)))
      await Promise.race([once(child.stdin, "drain"), ended]);
  }
  child.stdin.end();
  const code = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with code ${code}: ${words.trim()}`);
}
