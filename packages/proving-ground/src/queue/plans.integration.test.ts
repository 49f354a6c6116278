/**
 * What claims, completions, sweeps and dispatch really run with ten thousand ready items in
 * every queue: index scans only, of few rows, however the server plans them. Statements and plans
 * are those that auto_explain reports of the functions at work.
 */
import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { explainEverything, readScans, type Scan } from "../support/explained.ts";
import {
  addOwner,
  loadBacklog,
  type Owner,
  queueDepth,
  queueItems,
  type Stage,
  stages,
} from "../support/queue-items.ts";
import { stageResults } from "../support/stage-results.ts";

const batchSize = 8;
/** Of each stage and kind: expired leases, last attempts among them, and retries that are due. */
const dueCount = 50;
/** No scan may look at more rows; what is due is swept by the same call. */
const mostRows = 4 * dueCount;
/** Where dispatch() stops counting. */
const countedReady = 1_000;

const bigTables = new Set([
  "video_recordings",
  "analysis_jobs",
  "analysis_feedback",
  "analysis_ssml_segments",
  "tasks",
]);

let database: ClonedDatabase;
let admin: postgres.Sql;
let light: Owner;
let scans: Scan[] = [];

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  admin = database.sql("admin", {
    onnotice: (notice) => scans.push(...readScans(notice)),
  });
  for (const table of bigTables) {
    // Statistics come when the test says so.
    const schema = table === "tasks" ? "pipeline" : "public";
    await admin.unsafe(`alter table ${schema}.${table} set (autovacuum_enabled = false)`);
  }
  await loadBacklog(admin, await addOwner(admin), queueDepth);
  light = await addOwner(admin);
  for (const stage of stages) await queueItems(admin, stage, light, 20);
  await makeDue();
  await explainEverything(admin);
}, 120_000);

afterAll(() => database?.drop());

describe.each(["without statistics", "with statistics"])("%s", (statistics) => {
  beforeAll(async () => {
    if (statistics === "with statistics") await admin`analyze`;
  });

  describe.each(["force_generic_plan", "force_custom_plan"])("%s", (mode) => {
    beforeAll(() => planBy(mode));

    test.each(stages)("a claim of %s", async (stage) => {
      await rolledBack(async () => expect(await claim(stage)).not.toHaveLength(0));
      expectIndexScans();
    });

    test.each(stages)("a claim of %s under a cap per user", async (stage) => {
      await rolledBack(async () => {
        await admin`update pipeline.stages set max_concurrency_per_user = 5, max_concurrency = 99`;
        expect((await claim(stage)).length).toBeGreaterThan(0);
      });
      expectIndexScans();
    });

    test.each(stages)("a completion of %s", async (stage) => {
      await rolledBack(async () => {
        const claimed = await claim(stage);
        scans = [];
        const results = claimed.map((lease) => ({ ...lease, ...stageResults[stage] }));
        const outcomes = await admin<{ outcome: string }[]>`
          select outcome from ${admin(`pipeline.complete_${stage}`)}(${admin.json(results)})`;
        expect(outcomes.map(({ outcome }) => outcome)).toEqual(claimed.map(() => "completed"));
      });
      expectIndexScans();
    });

    test.each(stages)("an arrival at %s", async (stage) => {
      await rolledBack(async () => await queueItems(admin, stage, light, 2));
      expectIndexScans();
    });

    test("a sweep of all stages", async () => {
      await rolledBack(async () => {
        const swept = await admin<{ swept: number }[]>`
          select swept from pipeline.sweep() where stage = any (${stages})`;
        expect(swept.map(({ swept }) => swept)).toEqual(stages.map(() => dueCount));
      });
      expectIndexScans();
    });

    test("a dispatch", async () => {
      await rolledBack(async () => {
        const ready = await admin<{ ready: number }[]>`
          select ready from pipeline.dispatch() where stage = any (${stages})`;
        expect(ready.map(({ ready }) => ready)).toEqual(stages.map(() => countedReady));
      });
      expectIndexScans(countedReady);
    });

    test("a dispatch under a cap per user", async () => {
      await rolledBack(async () => {
        await admin`update pipeline.stages set max_concurrency_per_user = 5`;
        const ready = await admin<{ ready: number }[]>`
          select ready from pipeline.dispatch() where stage = any (${stages})`;
        expect(ready.every(({ ready }) => ready > 0)).toBe(true);
      });
      expectIndexScans(countedReady);
    });
  });
});

/** Those of the big tables, of which there has to be one or the test has seen nothing. */
function expectIndexScans(most = mostRows): void {
  const seen = scans.filter(({ table }) => bigTables.has(table));
  expect(seen).not.toEqual([]);
  const isByIndex = ({ node }: Scan) => /^(Index|Index Only|Bitmap Heap) Scan$/.test(node);
  expect(seen.filter((scan) => !isByIndex(scan))).toEqual([]);
  expect(seen.filter(({ rows }) => rows > most)).toEqual([]);
}

/** Has every function of the machine plan its statements in one way. */
async function planBy(mode: string): Promise<void> {
  const functions = await admin<{ signature: string }[]>`
    select p.oid::regprocedure::text as signature from pg_proc as p
    where p.pronamespace = 'pipeline'::regnamespace and p.prokind = 'f'
      and p.prolang = (select l.oid from pg_language as l where l.lanname = 'plpgsql')`;
  for (const { signature } of functions) {
    await admin.unsafe(`alter function ${signature} set plan_cache_mode = ${mode}`);
  }
}

async function rolledBack(act: () => Promise<void>): Promise<void> {
  await admin`begin`;
  scans = [];
  try {
    await act();
  } finally {
    await admin`rollback`;
  }
}

async function claim(stage: Stage): Promise<{ id: number; lease_token: string }[]> {
  return await admin<{ id: number; lease_token: string }[]>`
    select id::int, lease_token from ${admin(`pipeline.claim_${stage}`)}(${batchSize}::int)`;
}

/** Of the backlog: leases that have ended, for the last time and before, and retries. */
async function makeDue(): Promise<void> {
  for (const stage of stages) {
    await admin.unsafe(`
      with due as (
        update pipeline.tasks set turn = null, available_at = now() - interval '1 second',
          attempts = 1, losses = case when turn <= ${dueCount} then 21 else 6 end,
          lease_token = case when turn <= ${2 * dueCount} then gen_random_uuid() end
        where stage = '${stage}' and turn <= ${3 * dueCount} and subject_id < 0
        returning subject_id, lease_token
      )
      update pipeline.${stage}_items as i set attempts = 1,
        status = case when due.lease_token is null then 'queued' else 'processing' end
      from due where i.id = due.subject_id`);
  }
}
