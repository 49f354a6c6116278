import { setTimeout as sleep } from "node:timers/promises";
import { type FunctionName, type Stage, stageFunction, stageSchema } from "@sideline/contracts";
import type pg from "pg";
import { z } from "zod";
import { stageResults } from "../../support/stage-results.ts";
import { connect } from "../connect.ts";

const claimSchema = z.object({
  id: z.coerce.number(),
  lease_token: z.string(),
  user_id: z.string(),
  message: z.string().optional(),
});
export type Item = z.infer<typeof claimSchema> & { stage: Stage };

/** What becomes of a claimed item: done, its worker vanishes with all it holds, or a wait. */
export type Fate = "complete" | "vanish" | { defer: string; seconds: number | null };

export interface Watchers {
  fateOf(item: Item): Fate;
  claimed(item: Item): void;
  completed(item: Item): void;
}

const workersOfStage = 3;

/** Results of work that takes no time; nobody asks for a draft here. */
const results: Record<Stage, object> = { ...stageResults, draft: {} };

/**
 * What the platform does around the database: cron's two jobs of a second, and workers that
 * dispatch() wakes, each on a connection of its own. A call of a function arrives as a NOTIFY.
 */
export async function startWorkers(adminUrl: string, url: string, watchers: Watchers) {
  const stopping = new AbortController();
  const admin = await connect(adminUrl);
  await admin.query(`
    create or replace function pipeline.call_function(function_name text) returns text
    language plpgsql volatile security invoker set search_path = '' as $$
    begin
      perform pg_notify('wake', call_function.function_name);
      return 'called';
    end $$`);
  const crons = ["pipeline.watch()", "pipeline.recognise_uploads()"].map(async (call) => {
    const client = await connect(url);
    while (!stopping.signal.aborted) {
      const next = sleep(1_000);
      await client.query(`select ${call}`);
      await next;
    }
    await client.end();
  });

  const idle = new Map<FunctionName, pg.Client[]>();
  const work = new Set<Promise<void>>();
  for (const name of Object.values(stageFunction)) {
    const clients = Array.from({ length: workersOfStage }, () => connect(url, "service_role"));
    idle.set(name, await Promise.all(clients));
  }

  /** Works until nothing is left, or it vanishes. */
  async function run(stage: Stage, client: pg.Client): Promise<void> {
    for (let isAlive = true; isAlive && !stopping.signal.aborted; ) {
      const text = `select * from pipeline.claim_${stage}()`;
      const { rows } = await client.query({ name: "claim", text });
      const items = rows.map((row) => ({ ...claimSchema.parse(row), stage }));
      for (const item of items) watchers.claimed(item);
      const fates = items.map((item) => watchers.fateOf(item));
      isAlive = items.length > 0 && !fates.includes("vanish");
      for (const item of isAlive ? items : []) await end(client, item, watchers.fateOf(item));
    }
    idle.get(stageFunction[stage])?.push(client);
  }

  async function end(client: pg.Client, item: Item, fate: Fate): Promise<void> {
    const { stage, id, lease_token } = item;
    if (typeof fate === "object") {
      const text = `select pipeline.defer($1, $2, $3, $4, 'The bench says so.', $5)`;
      const values = [stage, id, lease_token, fate.defer, fate.seconds];
      await client.query({ name: "defer", text, values });
      return;
    }
    const text = `select pipeline.complete_${stage}($1)`;
    const values = [JSON.stringify([{ ...results[stage], id, lease_token }])];
    await client.query({ name: "complete", text, values });
    watchers.completed(item);
    // As the functions do.
    if (stage !== "audio") wake(stage === "analysis" ? "ssml" : "audio");
  }

  function wake(stage: Stage): void {
    const client = stopping.signal.aborted ? undefined : idle.get(stageFunction[stage])?.pop();
    if (client === undefined) return;
    const running = run(stage, client).finally(() => work.delete(running));
    work.add(running);
  }

  admin.on("notification", ({ payload }) => {
    const stage = stageSchema.options.find((known) => stageFunction[known] === payload);
    if (stage !== undefined) wake(stage);
  });
  await admin.query("listen wake");
  return async () => {
    stopping.abort();
    await Promise.all(crons);
    await admin.end();
    await Promise.all(work);
    await Promise.all([...idle.values()].flat().map((client) => client.end()));
  };
}
