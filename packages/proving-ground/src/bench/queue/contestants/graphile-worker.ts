import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { query } from "../../connect.ts";
import { loadPeer } from "../peers.ts";

import type { Contestant, Form, Place, Running, Work } from "./contestant.ts";
import { words } from "./contestant.ts";
import { domainTables, insertDomainRows, nextItems, writeEffect } from "./domain.ts";

interface Helpers {
  withPgClient<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T>;
}
interface Options {
  pgPool: pg.Pool;
  events?: EventEmitter;
  logger: unknown;
  noHandleSignals: true;
  taskList: Record<string, (payload: unknown, helpers: Helpers) => Promise<void>>;
  preset: { worker: Record<string, unknown> };
}
interface Runner {
  stop(): Promise<void>;
  promise: Promise<void>;
}
const isFunction = (value: unknown) => typeof value === "function";
/** What is used of the package. */
const moduleSchema = z.object({
  run: z.custom<(options: Options) => Promise<Runner>>(isFunction),
  runMigrations: z.custom<(options: { connectionString: string }) => Promise<void>>(isFunction),
  Logger: z.custom<new (factory: () => () => void) => unknown>(isFunction),
});
const payloadSchema = z.object({ id: z.number() });

const task = "ssml";

const settings: Record<string, Record<string, unknown>> = {
  default: { concurrentJobs: 8 },
  tuned: { concurrentJobs: 24 },
  "tuned, batching": {
    concurrentJobs: 100,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};

export const graphileWorker: Contestant = {
  name: "graphile-worker",
  async prepare(url) {
    const { runMigrations } = moduleSchema.parse(await loadPeer("graphile-worker"));
    await runMigrations({ connectionString: url });
    await query(url, domainTables);
    await query(url, "insert into graphile_worker._private_tasks (identifier) values ($1)", [task]);
  },
  async open(url) {
    return place(url, moduleSchema.parse(await loadPeer("graphile-worker")));
  },
  forms(batch) {
    const names = batch === 1 ? ["default", "tuned"] : ["tuned, batching"];
    return names.map((name) => ({
      contestant: "graphile-worker",
      name,
      settings: JSON.stringify(settings[name]).replaceAll('"', ""),
    }));
  },
};

function place(url: string, peer: z.infer<typeof moduleSchema>): Place {
  const unfinished = async () => {
    const [row] = await query<{ n: number }>(
      url,
      "select count(*)::int as n from graphile_worker._private_jobs",
    );
    return row?.n ?? 0;
  };
  const logger = new peer.Logger(() => () => {});
  /** On a pool of our own: only so can the completions be waited for that it leaves under way. */
  async function start(
    { maxPoolSize, ...worker }: Record<string, unknown>,
    handle: Options["taskList"][string],
    events: EventEmitter,
  ): Promise<Running> {
    const pgPool = new pg.Pool({ connectionString: url, max: Number(maxPoolSize) });
    pgPool.on("error", () => {});
    // It asks for both, and adds its own to every client otherwise.
    pgPool.on("connect", (client) => client.on("error", () => {}));
    const runner = await peer.run({
      pgPool,
      events,
      logger,
      noHandleSignals: true,
      taskList: { [task]: handle },
      preset: { worker },
    });
    return {
      async stop() {
        await runner.stop();
        while (pgPool.waitingCount > 0 || pgPool.idleCount < pgPool.totalCount) await sleep(5);
        await pgPool.end();
      },
    };
  }

  async function work(form: Form, { effect, connections, done }: Work): Promise<Running> {
    const events = new EventEmitter();
    // Told when the deletion of the job's row has been asked for, not when it is done.
    events.on("job:complete", ({ job, error }: { job: { payload: unknown }; error: unknown }) => {
      if (!error) done([payloadSchema.parse(job.payload).id]);
    });
    return start(
      { ...settings[form.name], maxPoolSize: connections },
      async (payload, helpers) => {
        if (!effect) return;
        const { id } = payloadSchema.parse(payload);
        await helpers.withPgClient((client) =>
          client.query({ name: "effect", text: writeEffect, values: [[id], words.ssml] }),
        );
      },
      events,
    );
  }

  return {
    async fill(depth, withDomainRows) {
      const missing = depth - (await unfinished());
      if (missing > 0) await insertJobs(url, missing, withDomainRows);
      await query(url, "vacuum (analyze)");
    },
    unfinished,
    work,
    async claimLatencies(count) {
      const latencies: number[] = [];
      const enough = Promise.withResolvers<void>();
      const events = new EventEmitter();
      let asked = 0;
      events.on("worker:getJob:start", () => {
        asked = performance.now();
      });
      events.on("job:start", () => {
        latencies.push(performance.now() - asked);
        if (latencies.length >= count) enough.resolve();
      });
      const runner = await start({ concurrentJobs: 1, maxPoolSize: 2 }, async () => {}, events);
      await enough.promise;
      await runner.stop();
      return latencies.slice(0, count);
    },
  };
}

/** As `add_job` would write them, in one statement. */
async function insertJobs(url: string, count: number, withDomainRows: boolean): Promise<void> {
  const [row] = await query<{ last: number }>(url, nextItems, [count]);
  const last = row?.last ?? 0;
  const first = last - count + 1;
  if (withDomainRows) await query(url, insertDomainRows, [first, last, words.message, words.drill]);
  await query(
    url,
    `insert into graphile_worker._private_jobs (task_id, payload)
     select t.id, json_build_object('id', n, 'message', $3::text, 'drill', $4::text)
     from graphile_worker._private_tasks as t, generate_series($1::bigint, $2::bigint) as n`,
    [first, last, words.message, words.drill],
  );
}
