import { openSql, type Queries, type Sql } from "../sql/sql.ts";
import { messageOf } from "../stack-error.ts";

export interface Job {
  jobid: string;
  schedule: string;
  command: string;
  database: string;
  username: string;
}

/**
 * Runs jobs, each on a connection of its own, and writes `cron.job_run_details`.
 * @param record as supabase_admin, for the runs' records
 * @param dbUrl as role postgres, whose jobs log in as themselves and so have that role's settings
 * @param adminDbUrl as supabase_admin, to run jobs of other roles with their authorization
 */
export function createRunner(options: { record: Sql; dbUrl: string; adminDbUrl: string }) {
  const { record } = options;
  const connections = new Map<string, { username: string; sql: Sql }>();

  function connectionFor({ jobid, username }: Job): Sql {
    const found = connections.get(jobid);
    if (found?.username === username) return found.sql;
    forget(jobid);
    const isOwn = username === "postgres";
    const sql = openSql(isOwn ? options.dbUrl : options.adminDbUrl, {
      max: 1,
      name: "pg_cron",
      idleSeconds: 30,
      // In the start-up message, so that a connection made anew never runs a job as the superuser.
      settings: isOwn ? {} : { session_authorization: username },
    });
    connections.set(jobid, { username, sql });
    return sql;
  }

  /** Closes the connection of a job that is no more. */
  function forget(jobid: string): void {
    const found = connections.get(jobid);
    connections.delete(jobid);
    void found?.sql.end();
  }

  async function run(job: Job): Promise<void> {
    await connectionFor(job).session((session) => runIn(session, job));
  }

  async function runIn(session: Queries, job: Job): Promise<void> {
    const [backend] = await session<{ pid: number }>`select pg_backend_pid() as pid`;
    const [begun] = await record<{ runid: string }>`
      insert into cron.job_run_details
        (jobid, job_pid, database, username, command, status, start_time)
      values
        (${job.jobid}, ${backend?.pid ?? null}, ${job.database}, ${job.username}, ${job.command},
         'running', clock_timestamp())
      returning runid`;
    // Without values the command may be several statements, which are one job.
    const outcome = await attempt(async () => describe((await session.run(job.command)).tag));
    await record`
      update cron.job_run_details
      set status = ${outcome.status}, return_message = ${outcome.message},
          end_time = clock_timestamp()
      where runid = ${begun?.runid ?? null}`;
    // What this run has set or left open must not reach the next one. Refused is it in an open
    // transaction only; a rollback without one would be a warning in the log at every run.
    await session.run("discard all").catch(async () => {
      await session.run("rollback");
      await session.run("discard all");
    });
  }

  return {
    run,
    forget,
    stop: async () => {
      await Promise.all([...connections.values()].map(({ sql }) => sql.end()));
    },
  };
}

async function attempt(work: () => Promise<string>): Promise<{ status: string; message: string }> {
  try {
    return { status: "succeeded", message: await work() };
  } catch (error) {
    const message = messageOf(error);
    return { status: "failed", message: `ERROR:  ${message}` };
  }
}

/** In pg_cron's words: "1 row" for a query, else the command tag. */
function describe(tag: string): string {
  const count = /^SELECT (\d+)$/.exec(tag)?.[1];
  if (count === undefined) return tag;
  return count === "1" ? "1 row" : `${count} rows`;
}
