import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { withConnection } from "../connection/connect.ts";
import type { Scope } from "../project.ts";

/** The scheduler's jobs that call into the schemas; each run holds locks for up to a second. */
const ourJobs = "(j.jobname like $1 or j.command ~ $2)";
const patienceMs = 5_000;

/**
 * Does `work` while the scheduler starts none of our jobs, once those that run have ended: a
 * migration that locks several tables and a job that reads them in another order would end each
 * other by a deadlock. Afterwards the jobs that were active are so again, also when `work` fails or
 * is interrupted, as far as they still exist. Nothing is lost meanwhile: work stays queued.
 * @param url of the database, with the password
 */
export async function whilePaused<T>(
  scope: Scope,
  url: string,
  work: () => Promise<T>,
): Promise<T> {
  const jobs = await withConnection(url, (client) => pause(client, scope));
  let resuming: Promise<void> | undefined;
  const resume = () => {
    resuming ??= withConnection(url, (client) => activate(client, jobs));
    return resuming;
  };
  const onSignal = (signal: "SIGINT" | "SIGTERM") =>
    void resume().finally(() => process.exit(128 + constants.signals[signal]));
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    return await work();
  } finally {
    await resume();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

/** @returns the names of the jobs that were active */
async function pause(client: pg.Client, { schemas, jobs }: Scope): Promise<string[]> {
  if (!(await hasScheduler(client))) return [];
  const { rows } = await client.query<{ jobname: string; command: string }>(
    `select j.jobname, j.command, cron.alter_job(j.jobid, j.schedule, active := false)
     from cron.job as j
     where ${ourJobs} and j.active and j.database = current_database()`,
    [jobs, `\\m(${schemas.join("|")})"?\\.`],
  );
  const deadline = Date.now() + patienceMs;
  const commands = rows.map(({ command }) => command);
  while (Date.now() < deadline && (await isRunning(client, commands))) await sleep(50);
  return rows.map(({ jobname }) => jobname);
}

async function isRunning(client: pg.Client, commands: string[]): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_stat_activity
     where state = 'active' and datname = current_database() and pid <> pg_backend_pid()
       and exists (select from unnest($1::text[]) as c (text) where position(c.text in query) > 0)
     limit 1`,
    [commands],
  );
  return rows.length > 0;
}

async function activate(client: pg.Client, jobs: string[]): Promise<void> {
  if (jobs.length === 0 || !(await hasScheduler(client))) return;
  await client.query(
    `select cron.alter_job(j.jobid, j.schedule, active := true)
     from cron.job as j where j.jobname = any ($1)`,
    [jobs],
  );
}

async function hasScheduler(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    "select to_regclass('cron.job') is not null as exists",
  );
  return rows[0]?.exists === true;
}
