/**
 * Idle costs nothing: where nobody could do anything, no function is called. Ten minutes of ticks
 * under a clock that is moved by hand, and some seconds of the embedded stack's own cron and sender.
 * `IDLE_SECONDS=1 npm test -- queue/idle` ticks at each second, as cron does.
 */
import { createServer } from "node:http";
import { startSender, startTicker } from "@sideline/local-stack/parts";
import type postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { addOwner, claimOwners, type Owner, queueItems, stages } from "../support/queue-items.ts";

/** Between two ticks: of cron's, the short form makes every fourth. */
const everySeconds = Number(process.env.IDLE_SECONDS ?? 4);
const tenMinutes = 600 / everySeconds;

describe("ten minutes of ticks call nobody", () => {
  let database: ClonedDatabase;
  let admin: postgres.Sql;
  let owner: Owner;

  beforeAll(async () => {
    database = await cloneDatabase(inject("stack"));
    admin = database.sql("admin");
    owner = await addOwner(admin);
    await admin`update pipeline.stages set max_concurrency = 1000`;
    await callsGoTo(admin, "http://127.0.0.1:9");
    await admin.unsafe(`
      create function pg_temp.tick(ticks int) returns void language plpgsql as $$
      declare
        v_start timestamptz := clock_timestamp();
      begin
        for i in 1..ticks loop
          perform set_config('pipeline.now', (v_start + i * interval '${everySeconds} seconds')::text, true);
          perform pipeline.dispatch();
        end loop;
      end $$`);
  });

  afterAll(() => database?.drop());

  beforeEach(async () => {
    await admin`delete from net.http_request_queue`;
    await admin`update pipeline.stage_clocks set woken_at = '-infinity'`;
  });

  test("with nothing queued", async () => {
    expect(await callsOf(tenMinutes)).toBe(0);
  });

  test("with items that are all leased", async () => {
    for (const stage of stages) {
      await queueItems(admin, stage, owner, 20);
      await claimOwners(admin, stage, 20);
    }

    expect(await callsOf(tenMinutes)).toBe(0);
  });

  test("with items that wait for their time", async () => {
    for (const stage of stages) {
      const deferred = await admin`
        select pipeline.defer(stage, subject_id, lease_token, 'provider_rate_limited', 'Later.', 1800)
          as outcome
        from pipeline.tasks where stage = ${stage} and lease_token is not null`;
      expect(deferred).toEqual(Array(20).fill({ outcome: "queued" }));
    }
    await admin`update pipeline.provider_limits set not_before = null`;

    expect(await callsOf(tenMinutes)).toBe(0);
  });

  test("with ready items of stages that are paused", async () => {
    for (const stage of stages) await queueItems(admin, stage, owner, 20);
    await admin`update pipeline.stages set enabled = false`;

    expect(await callsOf(tenMinutes)).toBe(0);
  });

  test("with ready items whose providers ask to wait", async () => {
    await admin`update pipeline.stages set enabled = true`;
    await admin`update pipeline.provider_limits set not_before = now() + interval '20 minutes',
      longest_pause_seconds = 1800`;

    expect(await callsOf(tenMinutes)).toBe(0);
  });

  test("with ready items whose providers' circuits are open", async () => {
    await admin`
      update pipeline.provider_limits
      set not_before = null, longest_open_seconds = 1800,
        open_until = now() + interval '20 minutes'`;

    expect(await callsOf(tenMinutes)).toBe(0);
  });

  test("and else each stage is called at every tick", async () => {
    await admin`update pipeline.provider_limits set open_until = null`;

    expect(await callsOf(10)).toBe(10 * stages.length);
  });

  /** Calls that so many ticks have sent. */
  async function callsOf(ticks: number): Promise<number> {
    await admin`select pg_temp.tick(${ticks}::int)`;
    const [sent] = await admin<{ calls: number }[]>`
      select count(*)::int as calls from net.http_request_queue`;
    return sent?.calls ?? -1;
  }
});

test("the embedded stack's cron calls nobody while idle, and a function soon after", async () => {
  await using database = await cloneDatabase(inject("stack"));
  const admin = database.sql("admin");
  const calls: { path: string; at: number }[] = [];
  const functions = createServer((request, response) => {
    calls.push({ path: request.url ?? "", at: performance.now() });
    response.end("{}");
  });
  await new Promise<void>((resolve) => functions.listen(0, "127.0.0.1", resolve));
  const address = functions.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await callsGoTo(admin, `http://127.0.0.1:${port}`);
  const owner = await addOwner(admin);
  const options = { dbUrl: database.url, adminDbUrl: database.adminUrl, log: () => {} };
  const sender = startSender(options);
  const ticker = startTicker(options);
  try {
    const ticks = async () => {
      const [row] = await admin<{ runs: number }[]>`
        select count(*)::int as runs from cron.job_run_details
        where command = 'select pipeline.watch()' and status = 'succeeded'`;
      return row?.runs ?? 0;
    };
    await expect.poll(ticks).toBeGreaterThanOrEqual(3);
    expect(calls).toEqual([]);

    await queueItems(admin, "ssml", owner, 1);
    const readyAt = performance.now();
    await expect.poll(() => calls.map(({ path }) => path)).toContain("/functions/v1/ssmlWorker");
    // A tick is a second; the rest is left to machines under load.
    expect((calls[0]?.at ?? Number.POSITIVE_INFINITY) - readyAt).toBeLessThan(2_000);
  } finally {
    await ticker.stop();
    await sender.stop();
    functions.close();
  }
});

/** Tells dispatch() where the functions are. */
async function callsGoTo(admin: postgres.Sql, url: string): Promise<void> {
  await admin`
    delete from vault.secrets where name in ('sideline_project_url', 'sideline_secret_key')`;
  await admin`select vault.create_secret(${url}, 'sideline_project_url')`;
  await admin`select vault.create_secret('sb_secret_test', 'sideline_secret_key')`;
}
