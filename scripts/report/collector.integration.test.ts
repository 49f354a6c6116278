import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { projectRoot } from "../project-root.ts";

const script = join(projectRoot, "scripts/report/main.ts");
let database: ClonedDatabase;
let correlation: string | undefined;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  const admin = await database.client("admin");
  const { rows } = await admin.query<{ trace: string }>(`
    with owner as (
      insert into auth.users (id, email, raw_app_meta_data)
      values (gen_random_uuid(), 'o@example.com', '{"role": "operator"}') returning id
    ),
    told as (
      insert into public.processing_timeline
        (user_id, stage, subject_id, attempt, started_at, ended_at, outcome)
      select id, 'audio', n, 1, now() - interval '1 hour', now(), 'completed'
      from owner, generate_series(1, 6000) as n
    ),
    contact as (
      insert into public.contacts (user_id, contact_type, address, topics)
      select id, 'webhook', 'https://example.com/', '{alerts}' from owner returning id, user_id
    ),
    message as (
      insert into public.message_queue
        (contact_id, user_id, topic, contact_type, message_key, subject, body)
      select id, user_id, 'alerts', 'webhook', 'k', 's', 'b' from contact returning *
    ),
    sent as (
      insert into public.processing_timeline
        (user_id, stage, subject_id, attempt, started_at, ended_at, outcome)
      select user_id, 'notify', id, 1, now() - interval '1 hour', now(), 'completed' from message
    )
    select replace(correlation_id::text, '-', '') as trace from message`);
  correlation = rows[0]?.trace;
});
afterAll(() => database.drop());

/** Posts the spans of half a day to a collector that answers so. */
async function post(status: number) {
  const received: { name: string; traceId: string }[][] = [];
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as {
      resourceSpans: { scopeSpans: { spans: { name: string; traceId: string }[] }[] }[];
    };
    received.push(body.resourceSpans[0]?.scopeSpans[0]?.spans ?? []);
    response.writeHead(status, { location: "/elsewhere" }).end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const args = [script, "--db-url", database.url, "--days", "0.5", "--otlp", address];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args).catch(
      (failed: { stdout: string; stderr: string }) => failed,
    );
    return { said: stdout + stderr, received };
  } finally {
    server.close();
  }
}

test("a collector gets all spans, in pieces that it takes", async () => {
  const { said, received } = await post(200);

  expect(said).toMatch(/^6001 spans to http/);
  expect(received.map((spans) => spans.length)).toEqual([5000, 1001]);
  const sent = received.flat().filter(({ name }) => name === "notify");
  expect(sent.map(({ traceId }) => traceId)).toEqual([correlation]);
});

test("one that sends elsewhere got none", async () => {
  const { said } = await post(302);

  expect(said).toContain("The collector answered with status 302.");
});
