import { z } from "zod";
import { connect, query } from "../../connect.ts";
import { loadPeer } from "../peers.ts";

import type { Contestant, Place, Running, Work } from "./contestant.ts";
import { words } from "./contestant.ts";
import { domainTables, insertDomainRows, nextItems, writeEffect } from "./domain.ts";

interface Executor {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}
interface Boss {
  on(event: "error", listener: (error: unknown) => void): void;
  start(): Promise<unknown>;
  stop(options: object): Promise<void>;
  createQueue(name: string): Promise<void>;
  send(name: string, data: object): Promise<unknown>;
  fetch(name: string, options: object): Promise<unknown>;
  complete(name: string, ids: string[], data: null, options: object): Promise<unknown>;
  work(
    name: string,
    options: object,
    handle: (jobs: unknown, db: Executor) => Promise<void>,
  ): Promise<unknown>;
}
const isFunction = (value: unknown) => typeof value === "function";
/** What is used of the package. */
const moduleSchema = z.object({
  PgBoss: z.custom<new (options: object) => Boss>(isFunction),
});
const jobsSchema = z.array(z.object({ id: z.string(), data: z.object({ id: z.number() }) }));
type Job = z.infer<typeof jobsSchema>[number];

const queue = "ssml";
/** Holds one job as `send` makes it, to be copied; nobody works there. */
const template = "template";

export const pgBoss: Contestant = {
  name: "pg-boss",
  async prepare(url, history) {
    await query(url, domainTables);
    const boss = await startBoss(url, {});
    await boss.createQueue(queue);
    await boss.createQueue(template);
    await boss.send(template, {});
    await boss.stop({ graceful: false });
    await insertJobs(url, 1, history, "completed");
    await query(url, "vacuum (analyze)");
  },
  async open(url) {
    return place(url);
  },
  forms(batch) {
    return [
      {
        contestant: "pg-boss",
        name: "default",
        settings: `work({localConcurrency: 8, batchSize: ${batch}}): polls every 2 s`,
      },
      {
        contestant: "pg-boss",
        name: "tuned",
        settings: `fetch({batchSize: ${batch}}) and complete(), without pause`,
      },
    ];
  },
};

async function startBoss(url: string, options: object): Promise<Boss> {
  const { PgBoss } = moduleSchema.parse(await loadPeer("pg-boss"));
  const boss = new PgBoss({ connectionString: url, ...options });
  boss.on("error", (error) => console.error(`pg-boss: ${String(error)}`));
  await boss.start();
  return boss;
}

function place(url: string): Place {
  const unfinished = async () => {
    const [row] = await query<{ n: number }>(
      url,
      "select count(*)::int as n from pgboss.job where state < 'completed' and name = $1",
      [queue],
    );
    return row?.n ?? 0;
  };
  return {
    async fill(depth, withDomainRows) {
      const missing = depth - (await unfinished());
      if (missing > 0) await addJobs(url, missing, withDomainRows);
      await query(url, "vacuum (analyze)");
    },
    unfinished,
    work: (form, work) => (form.name === "default" ? startWork(url, work) : startLoops(url, work)),
    async claimLatencies(count) {
      const boss = await startBoss(url, { supervise: false, schedule: false, max: 1 });
      const latencies: number[] = [];
      for (let n = 0; n < count; n++) {
        const began = performance.now();
        const jobs = jobsSchema.parse(await boss.fetch(queue, { batchSize: 1 }));
        latencies.push(performance.now() - began);
        await boss.complete(
          queue,
          jobs.map(({ id }) => id),
          null,
          {},
        );
      }
      await boss.stop({ graceful: false });
      return latencies;
    },
  };
}

/** What its documentation shows first: handlers that pg-boss calls. */
async function startWork(url: string, work: Work): Promise<Running> {
  const boss = await startBoss(url, { max: work.connections });
  const options = { localConcurrency: 8, batchSize: work.batch, transactional: work.effect };
  await boss.work(queue, options, async (found, db) => {
    const jobs = jobsSchema.parse(found);
    if (work.effect) await db.executeSql(writeEffect, [itemsOf(jobs), words.ssml]);
    work.done(itemsOf(jobs));
  });
  return { stop: () => boss.stop({ graceful: true, timeout: 30_000 }) };
}

/** Loops of our own around its fetch and complete; with an effect both in one transaction. */
async function startLoops(url: string, work: Work): Promise<Running> {
  const boss = await startBoss(url, {
    supervise: false,
    schedule: false,
    max: 1,
  });
  let stopping = false;
  const loops = Array.from({ length: work.connections }, async () => {
    const client = await connect(url);
    const db: Executor = { executeSql: (text, values) => client.query(text, values) };
    while (!stopping) {
      const jobs = jobsSchema.parse(await boss.fetch(queue, { batchSize: work.batch, db }));
      if (jobs.length === 0) break;
      const ids = jobs.map(({ id }) => id);
      if (work.effect) {
        await client.query("begin");
        await client.query({
          name: "effect",
          text: writeEffect,
          values: [itemsOf(jobs), words.ssml],
        });
      }
      await boss.complete(queue, ids, null, { db });
      if (work.effect) await client.query("commit");
      work.done(itemsOf(jobs));
    }
    await client.end();
  });
  const ended = Promise.all(loops);
  // Reported by stop(); until then nobody listens.
  ended.catch(() => {});
  return {
    async stop() {
      stopping = true;
      await ended;
      await boss.stop({ graceful: false });
    },
  };
}

function itemsOf(jobs: Job[]): number[] {
  return jobs.map(({ data }) => data.id);
}

async function addJobs(url: string, count: number, withDomainRows: boolean): Promise<void> {
  const [row] = await query<{ last: number }>(url, nextItems, [count]);
  const last = row?.last ?? 0;
  const first = last - count + 1;
  if (withDomainRows) await query(url, insertDomainRows, [first, last, words.message, words.drill]);
  await insertJobs(url, first, last, "created");
}

/** Copies of the job in `template`, in one statement. */
async function insertJobs(
  url: string,
  first: number,
  last: number,
  state: "created" | "completed",
): Promise<void> {
  await query(
    url,
    `insert into pgboss.job
       (id, name, data, state, completed_on, started_on, expire_seconds, deletion_seconds, keep_until,
        retry_limit, retry_delay, retry_backoff, policy)
     select gen_random_uuid(), $6,
       jsonb_build_object('id', n, 'message', $3::text, 'drill', $4::text),
       $5::text::pgboss.job_state,
       case when $5 = 'completed' then now() end, case when $5 = 'completed' then now() end,
       j.expire_seconds, j.deletion_seconds, j.keep_until,
       j.retry_limit, j.retry_delay, j.retry_backoff, j.policy
     from (select * from pgboss.job where name = $7) as j,
       generate_series($1::bigint, $2::bigint) as n`,
    [first, last, words.message, words.drill, state, queue, template],
  );
}
