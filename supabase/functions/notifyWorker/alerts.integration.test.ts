/**
 * Every alert: its condition is caused, it is told once to the operator's webhook and inbox, and
 * told again when it is over. On a database of its own, whose clock is moved.
 */
import { createHmac, randomUUID } from "node:crypto";
import {
  type NotifyClaim,
  type NotifyResult,
  notifyClaimSchema,
  type WorkReport,
} from "@sideline/contracts";
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { pipelineQueue } from "../_shared/pipeline-queue.ts";
import { getJson } from "../_shared/testing/call-function.ts";
import { collectingLog } from "../_shared/testing/collecting-log.ts";
import { jsonBody, type ReceivedRequest, serveHttp } from "../_shared/testing/http-server.ts";
import { sqlDatabase } from "../_shared/testing/sql-database.ts";
import { createWorker } from "../_shared/worker/worker.ts";
import { sendMessage } from "./send-message.ts";

const stack = inject("stack");
const mailbox = `${stack.apiUrl}/inbox/api/v1`;
const operator = { id: randomUUID(), email: `${randomUUID()}@oncall.test` };
const owners = [randomUUID(), randomUUID(), randomUUID()];
const began = Date.parse("2030-01-01T12:00:00Z");

let database: ClonedDatabase;
let sql: pg.Client;
let minute = 0;

async function clock(at: number): Promise<void> {
  minute = at;
  const time = new Date(began + at * 60_000).toISOString();
  await sql.query("select set_config('pipeline.now', $1, false)", [time]);
}

beforeAll(async () => {
  database = await cloneDatabase(stack);
  sql = await database.client("admin");
  await clock(0);
  await sql.query(
    `insert into auth.users (id, email, raw_app_meta_data, email_confirmed_at)
     select id, email, meta::jsonb, now() from unnest($1::uuid[], $2::text[], $3::text[])
       as u (id, email, meta)`,
    [
      [operator.id, ...owners],
      [operator.email, ...owners.map((id) => `${id}@users.test`)],
      ['{"role": "operator"}', "{}", "{}", "{}"],
    ],
  );
});
afterAll(() => database.drop());

/** What cron does each minute. */
const watch = () => sql.query("select pipeline.sample_slow_metrics(), pipeline.watch_health()");

async function contact(type: string, address: string): Promise<string> {
  const { rows } = await sql.query<{ signing_secret: string }>(
    `insert into public.contacts (user_id, contact_type, address, topics)
     values ($1, $2, $3, '{alerts}') returning signing_secret`,
    [operator.id, type, address],
  );
  return rows[0]?.signing_secret ?? "";
}

/** Works stage `notify` as the function does. */
async function notify(): Promise<WorkReport> {
  const deps = {
    fetch,
    resolve: async () => [],
    allowsPrivate: true,
    now: () => new Date(),
    mail: {
      provider: "mailpit" as const,
      url: `${mailbox}/send`,
      key: stack.secretKey,
      from: "sideline@test.test",
    },
  };
  const worker = createWorker({
    queue: pipelineQueue<NotifyClaim, NotifyResult>(sqlDatabase(sql), "notify", notifyClaimSchema),
    async process(claim, { signal }) {
      await sendMessage(deps, claim, signal);
      return {};
    },
    log: collectingLog().log,
    now: () => performance.now(),
    shutdown: new AbortController().signal,
    concurrency: 1,
    budgetMs: 60_000,
    graceMs: 10_000,
    items: 500,
    bytes: 0,
    more: () => {},
  });
  return await worker.run();
}

const hookSchema = z.object({
  type: z.string(),
  data: z.object({ rule: z.string(), runbook: z.string() }),
});
const told = (requests: ReceivedRequest[]) =>
  requests.map((request) => {
    const { type, data } = hookSchema.parse(jsonBody(request));
    return `${data.rule} ${type.replace("alert.", "")}`;
  });

async function mailSubjects(): Promise<string[]> {
  const query = new URLSearchParams({ query: `to:${operator.email}`, limit: "100" });
  const schema = z.object({ messages: z.array(z.object({ Subject: z.string() })) });
  const headers = { apikey: stack.secretKey };
  const { messages } = await getJson(`${mailbox}/search?${query}`, schema, headers);
  return messages.map(({ Subject }) => Subject);
}

/** Each rule's condition, and how it ends. */
const conditions: Record<string, { cause: string; end: string }> = {
  stage_stuck: {
    cause: `insert into public.video_recordings (user_id, filename, storage_path, upload_status)
            values ('${owners[0]}', 'a.mp4', '${owners[0]}/a.mp4', 'completed')`,
    end: `delete from public.video_recordings where filename = 'a.mp4'`,
  },
  items_fail: {
    cause: `with added as (
              insert into public.video_recordings (user_id, filename, storage_path, upload_status)
              select '${owners[1]}', 'b.mp4', '${owners[1]}/b' || i || '.mp4', 'completed'
              from generate_series(1, 25) as i returning id
            ) select count(*) from added`,
    end: "select 1",
  },
  provider_away: {
    cause: `update pipeline.provider_limits set open_until = pipeline.now() + interval '1 hour',
              failing_users = array['${owners.join("','")}']::uuid[] where provider = 'gemini'`,
    end: `update pipeline.provider_limits set open_until = null, failing_users = '{}'`,
  },
  cron_dead: {
    cause: `insert into cron.job_run_details (runid, jobid, username, status, start_time, end_time)
            select j.jobid, j.jobid, 'postgres', 'succeeded', pipeline.now(), pipeline.now()
            from cron.job as j`,
    end: `update cron.job_run_details set end_time = pipeline.now() + interval '1 year'`,
  },
  spend_high: {
    cause: `insert into pipeline.provider_calls (id, stage, subject_id, user_id, attempt, provider,
              model, request_hash, cost, ms)
            values (gen_random_uuid(), 'analysis', 1, '${owners[0]}', 1, 'gemini', 'm',
              repeat('0', 64), 51, 10)`,
    end: "update pipeline.alert_rules set threshold = 100 where name = 'spend_high'",
  },
  rules_broken: {
    cause: `insert into public.video_recordings (user_id, filename, storage_path, upload_status)
            values ('${owners[2]}', 'c.mp4', '${owners[2]}/c.mp4', 'completed');
            update public.analysis_jobs set status = 'processing' where user_id = '${owners[2]}'`,
    end: `update public.analysis_jobs set status = 'queued' where user_id = '${owners[2]}'`,
  },
  storage_full: {
    cause: `insert into storage.objects (bucket_id, name, metadata)
            values ('raw', 'big.mp4', '{"size": 90000000000}')`,
    end: `update storage.objects set metadata = '{"size": 1}' where name = 'big.mp4'`,
  },
  database_full: {
    cause: "update pipeline.alert_rules set threshold = 1 where name = 'database_full'",
    end: "update pipeline.alert_rules set threshold = 1e12 where name = 'database_full'",
  },
};

describe("alerts", () => {
  test("each fires when its condition is caused, once, and says when it is over", {
    timeout: 120_000,
  }, async () => {
    const received: ReceivedRequest[] = [];
    let refuses = true;
    const { url } = await serveHttp((request) => {
      if (refuses) return new Response("", { status: 503 });
      received.push(request);
      return new Response("");
    });
    const secret = await contact("webhook", `${url}/hook`);
    await contact("email", operator.email);
    await sql.query("select pipeline.sample_metrics()");
    const rules = await sql.query<{ name: string }>("select name from pipeline.alert_rules");
    expect(Object.keys(conditions).sort()).toEqual(rules.rows.map(({ name }) => name).sort());

    await sql.query("update pipeline.stages set max_concurrency_per_user = 64, batch_size = 64");
    await sql.query(conditions.items_fail?.cause ?? "");
    await sql.query(`select pipeline.fail('analysis', id, lease_token, 'internal_error', 'No.', false)
                     from pipeline.claim_analysis(64)`);
    for (const [rule, { cause }] of Object.entries(conditions)) {
      if (rule !== "items_fail") await sql.query(cause);
    }
    await clock(1);
    await watch();
    expect((await sql.query("select from pipeline.alerts where fired_at is null")).rowCount).toBe(
      1,
    );
    // The webhook is away at first; the mail is sent all the same.
    for (const at of [2, 6, 9, 12]) {
      await notify();
      await clock(at);
      await watch();
    }
    refuses = false;
    await clock(45);
    await notify();

    const names = told(received);
    expect(new Set(names)).toEqual(new Set(Object.keys(conditions).map((rule) => `${rule} fired`)));
    const ids = received.map(({ headers }) => headers.get("webhook-id"));
    expect(new Set(ids).size).toBe(ids.length);
    expect(await mailSubjects()).toHaveLength(ids.length);
    for (const { headers, body } of received) {
      const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.`;
      const key = Buffer.from(secret.replace("whsec_", ""), "base64");
      const digest = createHmac("sha256", key).update(signed).update(body).digest("base64");
      expect(headers.get("webhook-signature")).toBe(`v1,${digest}`);
    }

    received.length = 0;
    for (const { end } of Object.values(conditions)) await sql.query(end);
    await sql.query("delete from public.video_recordings");
    await clock(80);
    await watch();
    await notify();
    expect(new Set(told(received))).toEqual(
      new Set(Object.keys(conditions).map((rule) => `${rule} resolved`)),
    );
    const open = await sql.query("select rule from pipeline.alerts where resolved_at is null");
    expect(open.rows).toEqual([]);
    expect(
      (await mailSubjects()).filter((subject) => subject.startsWith("[resolved]")),
    ).toHaveLength(received.length);
  });

  test("what is silenced tells nobody, what comes and goes is told once an hour", async () => {
    const { url, received } = await serveHttp(() => new Response(""));
    await sql.query("delete from public.contacts");
    await contact("webhook", `${url}/again`);
    const set = (bytes: number) =>
      sql.query("update pipeline.alert_rules set threshold = $1 where name = 'database_full'", [
        bytes,
      ]);
    const step = async (at: number, threshold: number) => {
      received.length = 0;
      await set(threshold);
      await clock(at);
      await watch();
      await notify();
      return told(received).filter((line) => line.startsWith("database_full"));
    };
    await sql.query(
      "update pipeline.alert_rules set silenced_until = pipeline.now() + interval '60 minutes'",
    );

    expect(await step(minute + 10, 1)).toEqual([]);
    const silent = await sql.query(
      "select fired_at, told_at from pipeline.alerts order by id desc",
    );
    expect(silent.rows[0]).toMatchObject({ fired_at: expect.any(Date), told_at: null });
    expect(await step(minute + 60, 1)).toEqual(["database_full fired"]);
    expect(await step(minute + 10, 1)).toEqual([]);
    expect(await step(minute + 10, 1e12)).toEqual(["database_full resolved"]);
    expect(await step(minute + 10, 1)).toEqual([]);
    expect(await step(minute + 40, 1)).toEqual(["database_full fired"]);
  });
});
