import { spawn } from "node:child_process";
import { chown, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { guard } from "../guardian/guard.ts";
import { StackError, systemCode } from "../stack-error.ts";
import type { PostgresHome } from "./home.ts";
import type { Account } from "./place.ts";

const majorVersion = "17";

/** Besides the place and the password. */
export const initdbSettings = [
  "--username=supabase_admin",
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  // As on hosted: ICU sorts the same on every operating system.
  "--locale=C",
  "--locale-provider=icu",
  "--icu-locale=en-US",
];

/**
 * Whether the database cluster is there, in `data`.
 * @throws StackError `data_version_mismatch`
 */
export async function hasCluster(data: string): Promise<boolean> {
  const found = await clusterVersion(data);
  if (found === undefined || found === majorVersion) return found !== undefined;
  throw new StackError(
    "data_version_mismatch",
    `The data in ${data} was made by Postgres ${found}; this stack runs Postgres ${majorVersion}. ` +
      "Start once with --reset to begin anew.",
  );
}

/**
 * Makes an empty cluster in `data` (its files, not yet a running server). `supabase_admin` is the
 * superuser that owns it, as on hosted.
 * @throws StackError `disk_full`, `postgres_failed`
 */
export async function makeCluster(options: {
  home: PostgresHome;
  data: string;
  account: Account | null;
  adminPassword: string;
}): Promise<void> {
  const { home, data, account, adminPassword } = options;
  const passwordFile = path.join(data, "password");
  await writeFile(passwordFile, adminPassword, { mode: 0o600 });
  try {
    if (account !== null) await chown(passwordFile, account.uid, account.gid);
    await runInitdb(home, clusterDirectory(data), account, [
      `--pwfile=${passwordFile}`,
      ...initdbSettings,
      "--no-sync",
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Waits until the disk holds all files of a cluster. */
export async function syncCluster(
  home: PostgresHome,
  cluster: string,
  account: Account | null,
): Promise<void> {
  await runInitdb(home, cluster, account, ["--sync-only"]);
}

export function clusterDirectory(data: string): string {
  return path.join(data, "cluster");
}

async function clusterVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(clusterDirectory(data), "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function runInitdb(
  home: PostgresHome,
  directory: string,
  account: Account | null,
  args: string[],
): Promise<void> {
  return runPostgresTool(home.initdb, [`--pgdata=${directory}`, ...args], account, (output) =>
    explainPostgresOutput(output, directory, "Postgres could not set up its data folder"),
  );
}

/**
 * Runs a program of Postgres as its account until it ends.
 * @param explain makes an error of what it said where it failed
 * @param input what it reads from stdin
 */
export function runPostgresTool(
  command: string,
  args: string[],
  account: Account | null,
  explain: (output: string) => Error,
  input = "",
): Promise<void> {
  const child = spawn(command, args, {
    cwd: "/",
    // Ctrl-C in the terminal must not cut it short; the start itself decides when to stop.
    detached: true,
    env: { LC_ALL: "C", PATH: process.env.PATH ?? "" },
    stdio: ["pipe", "pipe", "pipe"],
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
  });
  guard(child, "group");
  // Where it ends before it has read all, its exit code says so.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(explain(output))));
  });
}

/**
 * Finds the one sentence a person needs in what initdb or postgres printed before giving up.
 * @param otherwise how the sentence begins when the cause is none of the known ones
 */
export function explainPostgresOutput(
  output: string,
  directory: string,
  otherwise: string,
): StackError {
  if (/Address already in use/.test(output)) {
    return new StackError(
      "port_in_use",
      "The database port is already in use. Stop what uses it, or choose another with --db-port.",
      { detail: output },
    );
  }
  if (/lock file ".*" already exists/.test(output)) {
    return new StackError(
      "stack_running",
      `Another Postgres is using ${directory}. Stop it, or choose another folder with --dir.`,
      { detail: output },
    );
  }
  if (/database files are incompatible with server/.test(output)) {
    return new StackError(
      "data_version_mismatch",
      `The data in ${directory} was made by another Postgres. Start once with --reset to begin anew.`,
      { detail: output },
    );
  }
  const lines = output.trim().split("\n");
  const reason =
    lines.findLast((line) => /(?:FATAL|PANIC|error): /.test(line)) ?? lines.at(-1) ?? "";
  return new StackError("postgres_failed", `${otherwise}: ${reason.trim() || "it said nothing"}`, {
    detail: output,
  });
}
