import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endOf, guard } from "../guardian/guard.ts";
import { commandOf } from "../lock.ts";
import { messageOf, StackError, systemCode } from "../stack-error.ts";
import { clusterDirectory, explainPostgresOutput } from "./cluster.ts";
import type { PostgresHome } from "./home.ts";
import type { Account } from "./place.ts";

interface PostgresServer {
  /** Settles when the server has ended, however that came about. */
  ended: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

interface ServerOptions {
  home: PostgresHome;
  data: string;
  port: number;
  account: Account | null;
  logFile: string;
  /** False for data that is thrown away: a crash of the machine then costs it. */
  durable: boolean;
}

const startDeadlineMs = 60_000;
const keptLogBytes = 10 * 1024 * 1024;

/**
 * Runs Postgres on 127.0.0.1:`port` over the cluster in `data` until it accepts connections.
 * @param logFile its log, appended to; begun anew once it is larger than 10 MiB
 * @throws StackError with what Postgres gave as its reason
 */
export async function startPostgres(options: ServerOptions): Promise<PostgresServer> {
  const cluster = clusterDirectory(options.data);
  await removeStaleLock(cluster);
  const log = await openLog(options.logFile);
  const logStart = (await log.stat()).size;
  const { account } = options;
  const child = spawn(options.home.postgres, ["-D", cluster, ...settings(options)], {
    // A session of its own: Ctrl-C in the terminal must not reach Postgres before our own stop.
    detached: true,
    cwd: "/",
    env: { LC_ALL: "C", PGTZ: "UTC" },
    stdio: ["ignore", log.fd, log.fd],
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
  });
  guard(child, "postgres");
  const ended = endOf(child);
  await log.close();
  try {
    await accepting(cluster, child, ended);
  } catch {
    await shutDown(child, ended);
    const output = (await readFile(options.logFile)).subarray(logStart).toString("utf8");
    throw explainPostgresOutput(output, options.data, "Postgres did not start");
  }
  return { ended, stop: () => shutDown(child, ended) };
}

/** What differs from Postgres' defaults. Everything else, durability first of all, stays. */
function settings({ port, durable }: ServerOptions): string[] {
  const values = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    // Realtime reads changes from the write-ahead log.
    wal_level: "logical",
    max_connections: 200,
    max_slot_wal_keep_size: "1GB",
    shared_preload_libraries: "pg_stat_statements",
    password_encryption: "scram-sha-256",
    // As Supabase's own image has it, so that the planner chooses as there.
    effective_cache_size: "128MB",
    log_line_prefix: "%m [%p] %q%u@%d ",
    // Dropping one database takes most of a second otherwise, waiting for the disk.
    ...(durable ? {} : { fsync: "off", full_page_writes: "off" }),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Waits for what pg_ctl waits for: the last line of postmaster.pid saying that it is ready. */
async function accepting(cluster: string, child: ChildProcess, ended: Promise<void>) {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const deadline = Date.now() + startDeadlineMs;
  while (!over && Date.now() < deadline) {
    const lines = await lockLines(cluster);
    if (lines[0] === String(child.pid) && lines[7]?.trim() === "ready") return;
    await sleep(10);
  }
  throw new Error("Postgres is not accepting connections");
}

/**
 * Postgres itself replaces the lock file of a crashed server, except where its process id now
 * belongs to some other process of the same account. So a lock whose process is no Postgres of this
 * cluster goes. A live server's lock stays, and Postgres then refuses to start a second one.
 */
async function removeStaleLock(cluster: string): Promise<void> {
  const [pidLine] = await lockLines(cluster);
  if (pidLine === undefined || pidLine === "") return;
  const command = commandOf(Number(pidLine));
  if (command?.includes(cluster)) return;
  await rm(path.join(cluster, "postmaster.pid"), { force: true });
}

async function lockLines(cluster: string): Promise<string[]> {
  try {
    return (await readFile(path.join(cluster, "postmaster.pid"), "utf8")).split("\n");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}

async function openLog(file: string) {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  return await open(file, size > keptLogBytes ? "w" : "a", 0o600);
}

async function shutDown(child: ChildProcess, ended: Promise<void>): Promise<void> {
  for (const [signal, patienceMs] of [
    ["SIGINT", 15_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })]);
  }
  throw new StackError("postgres_failed", "Postgres did not stop.");
}

const attempts = 20;
const pauseMs = 500;

/**
 * Starts Postgres and starts it again, on the same port, should it end without being asked to. All
 * that connects to it connects again by itself.
 * @throws StackError when the first start fails
 */
export async function keepPostgres(
  options: ServerOptions,
  log: (line: string) => void,
): Promise<{ stop(): Promise<void> }> {
  let server = await startPostgres(options);
  let stopped = false;
  let restarting: Promise<void> = Promise.resolve();
  watch(server);

  function watch(current: PostgresServer): void {
    void current.ended.then(() => {
      if (!stopped) restarting = restart();
    });
  }

  async function restart(): Promise<void> {
    log("postgres: ended unexpectedly, starting it again");
    for (let attempt = 1; !stopped && attempt <= attempts; attempt += 1) {
      try {
        // The first tries may fail while processes of the dead server still hold its memory.
        server = await startPostgres(options);
        log("postgres: accepts connections again");
        watch(server);
        return;
      } catch (error) {
        log(`postgres: ${messageOf(error)}`);
        await sleep(pauseMs);
      }
    }
  }

  return {
    stop: async () => {
      stopped = true;
      await restarting;
      await server.stop();
    },
  };
}
