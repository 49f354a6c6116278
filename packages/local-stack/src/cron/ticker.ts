/**
 * The ticker behind the pg_cron stand-in. Each second it reads `cron.job` and starts what is due: one
 * run of a job at a time. It keeps no state that matters, so jobs may come, change and go while it
 * runs, the extension may be created later, and Postgres may restart.
 */
import { Cron } from "croner";
import { openSql, type Sql, tableExists } from "../sql/sql.ts";
import { messageOf } from "../stack-error.ts";
import { createRunner, type Job } from "./runner.ts";

interface JobState {
  schedule: string;
  /** Of the schedule; null where it cannot be read. */
  plan: Schedule | null;
  checked: Date;
  started: Date;
  running: boolean;
  pending: number;
}

const tickMs = 1000;

export function startTicker(options: {
  dbUrl: string;
  adminDbUrl: string;
  log(line: string): void;
}): { stop(): Promise<void> } {
  const { log } = options;
  // Records of runs are not worth waiting for the disk each second.
  const settings = { synchronous_commit: "off" };
  const sql = openSql(options.adminDbUrl, { max: 3, name: "pg_cron", settings });
  const runner = createRunner({ ...options, record: sql });
  const states = new Map<string, JobState>();
  const running = new Set<Promise<void>>();
  let stopped = false;
  let away = false;
  let timer: NodeJS.Timeout;

  async function tick(): Promise<void> {
    try {
      look(await readJobs(sql), new Date());
      if (away) log("cron: the database is back");
      away = false;
    } catch (error) {
      if (!away && !stopped) log(`cron: the database is away: ${messageOf(error)}`);
      away = true;
    }
    scheduleTick();
  }

  async function lookAgain(): Promise<void> {
    const jobs = await readJobs(sql).catch(() => null);
    if (jobs !== null && !stopped) look(jobs, new Date());
  }

  function scheduleTick(): void {
    if (stopped) return;
    timer = setTimeout(() => void tick(), tickMs - (Date.now() % tickMs));
  }

  function look(jobs: Job[], now: Date): void {
    const known = new Set(jobs.map((job) => job.jobid));
    for (const [id, state] of states) {
      if (known.has(id) || state.running) continue;
      states.delete(id);
      runner.forget(id);
    }
    for (const job of jobs) {
      const state = stateOf(job, now);
      if (state.plan === null) continue;
      const due = state.plan.isDue(now, state);
      state.checked = now;
      if (due && (!state.running || state.plan.queues)) state.pending += 1;
      if (state.pending > 0 && !state.running) begin(job, state, now);
    }
  }

  function stateOf(job: Job, now: Date): JobState {
    const found = states.get(job.jobid);
    if (found?.schedule === job.schedule) return found;
    const running = found?.running ?? false;
    const { schedule } = job;
    const plan = readSchedule(schedule);
    const fresh = { schedule, plan, checked: now, started: now, running, pending: 0 };
    states.set(job.jobid, fresh);
    return fresh;
  }

  function begin(job: Job, state: JobState, now: Date): void {
    state.pending -= 1;
    state.running = true;
    state.started = now;
    const run = runner
      .run(job)
      .catch((error: unknown) => {
        if (!stopped) log(`cron: job ${job.jobid}: ${messageOf(error)}`);
      })
      .finally(() => {
        state.running = false;
        running.delete(run);
        // Due again already: it took longer than its interval, and need not wait for the tick.
        if (!stopped && state.plan?.isDue(new Date(), state)) void lookAgain();
      });
    running.add(run);
  }

  void closeInterrupted(sql).catch(() => {});
  scheduleTick();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await runner.stop();
      await Promise.allSettled(running);
      await sql.end();
    },
  };
}

async function readJobs(sql: Sql): Promise<Job[]> {
  if (!(await tableExists(sql, "cron.job"))) return [];
  return await sql<Job>`
    select jobid::text, schedule, command, database, username from cron.job where active`;
}

/** Runs that the last stop or crash cut off; pg_cron marks them in the same words. */
async function closeInterrupted(sql: Sql): Promise<void> {
  if (!(await tableExists(sql, "cron.job"))) return;
  await sql`
    update cron.job_run_details
    set status = 'failed', return_message = 'server restarted', end_time = clock_timestamp()
    where status in ('starting', 'running')`;
}

/** When a job is due. All times are UTC, as pg_cron's are by default. */
interface Schedule {
  /** Whether the job is due at `now`, given when it was last looked at or last started. */
  isDue(now: Date, since: { checked: Date; started: Date }): boolean;
  /** pg_cron runs a five-field job that came due during its own run once more afterwards. */
  queues: boolean;
}

// A timer may fire a little early; without this a "1 second" job would now and then skip a beat.
const toleranceMs = 100;

/**
 * Reads a schedule as pg_cron does: "5 seconds", or five fields, where `$` is the last day of a
 * month. Returns null for what cannot be read.
 */
export function readSchedule(text: string): Schedule | null {
  const seconds = /^\s*(\d+)\s+seconds?\s*$/.exec(text)?.[1];
  if (seconds !== undefined) {
    const everyMs = Number(seconds) * 1000;
    return {
      queues: false,
      isDue: (now, { started }) => now.getTime() - started.getTime() >= everyMs - toleranceMs,
    };
  }
  try {
    const cron = new Cron(text.trim().replaceAll("$", "L"), { timezone: "UTC", paused: true });
    const nextAfter = (from: Date) => ({ from, at: cron.nextRun(from) });
    let next = nextAfter(new Date(0));
    return {
      queues: true,
      isDue: (now, { checked }) => {
        // Worked out anew when it has come, or the clock was put back.
        const isSame = next.from <= checked && (next.at === null || checked < next.at);
        if (!isSame) next = nextAfter(checked);
        return next.at !== null && next.at <= now;
      },
    };
  } catch {
    return null;
  }
}
