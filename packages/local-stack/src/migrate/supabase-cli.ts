import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { guard } from "../guardian/guard.ts";

export interface CliResult {
  code: number | null;
  /** Everything it printed, in order. */
  output: string;
  /** What it printed as its result, without progress and warnings. */
  stdout: string;
}

/**
 * Runs the real `supabase` CLI against a database of ours. It neither reports home nor looks for
 * updates, asks nothing, and keeps its own files under `home`.
 * @param options.dbUrl the database to work on, where the command has one
 */
export async function runSupabaseCli(
  args: string[],
  options: {
    projectDirectory: string;
    home: string;
    dbUrl?: string;
    environment?: Record<string, string>;
  },
): Promise<CliResult> {
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const target = targetOf(options.dbUrl);
  const child = spawn(
    process.execPath,
    [cliEntry(), ...args, ...target.args, "--yes", "--workdir", options.projectDirectory],
    {
      cwd: options.projectDirectory,
      // A process group of its own, so that ending it also ends the binary behind the npm wrapper.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH ?? "",
        HOME: options.home,
        XDG_CONFIG_HOME: options.home,
        XDG_CACHE_HOME: options.home,
        SUPABASE_HOME: options.home,
        DO_NOT_TRACK: "1",
        SUPABASE_TELEMETRY_DISABLED: "1",
        SUPABASE_NO_UPDATE_NOTIFIER: "1",
        SUPABASE_NO_KEYRING: "1",
        // The server has no TLS; saying so spares the CLI an attempt.
        PGSSLMODE: "disable",
        NO_COLOR: "1",
        CI: "1",
        ...target.environment,
        ...options.environment,
      },
    },
  );
  guard(child, "group");
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
    child.once("close", (code) => resolve({ code, output, stdout }));
  });
}

/** The password goes aside: everybody on the machine sees a command's arguments. */
function targetOf(dbUrl: string | undefined) {
  if (dbUrl === undefined) return { args: [], environment: {} };
  const url = new URL(dbUrl);
  const password = decodeURIComponent(url.password);
  url.password = "";
  return { args: [`--db-url=${url.href}`], environment: { PGPASSWORD: password } };
}

function cliEntry(): string {
  const manifest = createRequire(import.meta.url).resolve("supabase/package.json");
  return path.join(path.dirname(manifest), "dist/supabase.js");
}
