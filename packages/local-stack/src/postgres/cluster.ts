import { spawn } from "node:child_process";
import { chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { guard } from "../guardian/guard.ts";
import { StackError, systemCode } from "../stack-error.ts";
import type { Account } from "./account.ts";
import { explainPostgresOutput } from "./failure.ts";
import type { PostgresHome } from "./home.ts";

const majorVersion = "17";

/**
 * Makes the database cluster in `data` (its files, not yet a running server), unless it is there.
 * `supabase_admin` is the superuser that owns it, as on hosted.
 * @throws StackError `data_version_mismatch`, `disk_full`, `postgres_failed`
 */
export async function ensureCluster(options: {
  home: PostgresHome;
  data: string;
  account: Account | null;
  adminPassword: string;
  onProgress(message: string): void;
}): Promise<void> {
  const { home, data, account, adminPassword } = options;
  const found = await clusterVersion(data);
  if (found === majorVersion) return;
  if (found !== undefined) {
    throw new StackError(
      "data_version_mismatch",
      `The data in ${data} was made by Postgres ${found}; this stack runs Postgres ${majorVersion}. ` +
        "Start once with --reset to begin anew.",
    );
  }
  options.onProgress("Making a new database");
  // Made aside and renamed, so that an interrupted start never leaves half a cluster.
  const draft = path.join(data, "draft");
  await rm(draft, { recursive: true, force: true });
  const passwordFile = path.join(data, "password");
  await writeFile(passwordFile, adminPassword, { mode: 0o600 });
  try {
    if (account !== null) await chown(passwordFile, account.uid, account.gid);
    await runInitdb(home.initdb, draft, passwordFile, account);
    await rename(draft, clusterDirectory(data));
  } finally {
    await rm(passwordFile, { force: true });
  }
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
  initdb: string,
  directory: string,
  passwordFile: string,
  account: Account | null,
): Promise<void> {
  const child = spawn(
    initdb,
    [
      `--pgdata=${directory}`,
      "--username=supabase_admin",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // As on hosted: ICU sorts the same on every operating system.
      "--locale=C",
      "--locale-provider=icu",
      "--icu-locale=en-US",
      // The system has written these files out long before there is anything in them worth keeping.
      "--no-sync",
    ],
    {
      cwd: "/",
      // Ctrl-C in the terminal must not cut it short; the start itself decides when to stop.
      detached: true,
      env: { LC_ALL: "C", PATH: process.env.PATH ?? "" },
      stdio: ["ignore", "pipe", "pipe"],
      ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
    },
  );
  guard(child, "group");
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          explainPostgresOutput(output, directory, "Postgres could not set up its data folder"),
        );
    });
  });
}
