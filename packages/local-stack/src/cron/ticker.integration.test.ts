import { readFile } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

const stack = inject("stack");
let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(stack.dbUrl, { max: 4, onnotice: () => {} });
  await sql`create extension if not exists pg_cron`;
});

afterAll(async () => {
  await sql`select cron.unschedule(jobname) from cron.job where jobname like 'test-%'`;
  await sql.end();
});

interface Run {
  status: string;
  return_message: string | null;
  start_time: Date;
  end_time: Date | null;
}

async function runsOf(job: string): Promise<Run[]> {
  return await sql<Run[]>`
    select d.status, d.return_message, d.start_time, d.end_time
    from cron.job_run_details as d join cron.job as j using (jobid)
    where j.jobname = ${job} order by d.start_time`;
}

async function countOf(job: string): Promise<number> {
  return (await runsOf(job)).length;
}

async function schedule(name: string, when: string, command: string): Promise<void> {
  await sql`select cron.schedule(${name}, ${when}, ${command})`;
}

test.concurrent("a job of every second runs every second as its user, and each run is recorded", async () => {
  await schedule("test-beat", "1 second", "select current_user");

  await expect.poll(() => countOf("test-beat"), { timeout: 15_000 }).toBeGreaterThanOrEqual(3);
  await sql`select cron.unschedule('test-beat')`;
  const runs = await sql<Run[]>`
    select * from cron.job_run_details where command = 'select current_user'
    order by start_time`;

  const [first, second, third] = runs.map((run) => run.start_time.getTime());
  expect(runs.slice(0, 2)).toMatchObject(
    Array(2).fill({ status: "succeeded", return_message: "1 row" }),
  );
  expect(Number(third) - Number(first)).toBeGreaterThan(1100);
  expect(Number(second)).toBeGreaterThan(Number(first));
});

test.concurrent("runs leave no warning in the log", async () => {
  await schedule("test-quiet", "1 second", "select 1 as quiet");
  await expect.poll(() => countOf("test-quiet"), { timeout: 15_000 }).toBeGreaterThanOrEqual(3);
  const backends = await sql<{ job_pid: number }[]>`
    select distinct job_pid from cron.job_run_details where command = 'select 1 as quiet'`;

  const log = await readFile(join(stack.dir, "postgres.log"), "utf8");

  const warnings = log.split("\n").filter((line) => line.includes("WARNING"));
  expect(backends.length).toBeGreaterThan(0);
  expect(
    warnings.filter((line) => backends.some(({ job_pid }) => line.includes(`[${job_pid}]`))),
  ).toEqual([]);
});

test.concurrent("a job that takes longer than its interval never runs twice at once, and starts again at once", async () => {
  await schedule("test-slow", "1 second", "select pg_sleep(1.1)");

  await expect
    .poll(async () => (await runsOf("test-slow")).filter((run) => run.end_time !== null).length, {
      timeout: 20_000,
    })
    .toBeGreaterThanOrEqual(3);
  const runs = await runsOf("test-slow");

  const pauses = runs
    .slice(1)
    .map((run, index) => run.start_time.getTime() - Number(runs[index]?.end_time?.getTime()));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0);
  // Not at the next second, which would be 800 ms later; on a busy machine not every time.
  expect(Math.min(...pauses)).toBeLessThan(600);
});

test.concurrent("a failing job is recorded as failed and does not stop the others", async () => {
  await schedule("test-failing", "1 second", "select 1 / 0");

  await expect
    .poll(() => runsOf("test-failing"), { timeout: 15_000 })
    .toContainEqual(
      expect.objectContaining({ status: "failed", return_message: "ERROR:  division by zero" }),
    );
});

test.concurrent("what a job sets or leaves open does not reach its next run", async () => {
  const command = "create temp table left_over (); commit; begin";
  await schedule("test-untidy", "1 second", command);

  await expect.poll(() => countOf("test-untidy"), { timeout: 15_000 }).toBeGreaterThanOrEqual(3);

  const statuses = (await runsOf("test-untidy")).slice(0, 2).map((run) => run.status);
  expect(statuses).toEqual(["succeeded", "succeeded"]);
});

test("a schedule that cannot be read is refused in pg_cron's words", async () => {
  await expect(schedule("test-wrong", "60 seconds", "select 1")).rejects.toMatchObject({
    message: "invalid schedule: 60 seconds",
    code: "22023",
  });
});

test("alter_job changes what it is given, and leaves the rest", async () => {
  await schedule("test-altered", "0 5 1 1 *", "select 1");
  const job = sql`select jobid from cron.job where jobname = 'test-altered'`;
  const state = async () =>
    (await sql`select schedule, command, active from cron.job where jobname = 'test-altered'`)[0];

  await sql`select cron.alter_job((${job}), active := false)`;
  expect(await state()).toEqual({ schedule: "0 5 1 1 *", command: "select 1", active: false });
  await sql`select cron.alter_job((${job}), schedule := '0 6 1 1 *', active := true)`;
  expect(await state()).toEqual({ schedule: "0 6 1 1 *", command: "select 1", active: true });
});

test("a job for another role is refused", async () => {
  await expect(
    sql`select cron.schedule_in_database('test-other', '1 second', 'select 1', 'postgres', 'supabase_admin')`,
  ).rejects.toMatchObject({ code: "42501" });
});
