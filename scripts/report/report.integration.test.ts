import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cloneDatabase } from "@sideline/proving-ground/testing";
import { expect, inject, test } from "vitest";
import { projectRoot } from "../project-root.ts";

const script = join(projectRoot, "scripts/report/main.ts");
const run = (args: string[]) => promisify(execFile)(process.execPath, [script, ...args]);

test("the last days as tables, as JSON, and as spans of one trace", async () => {
  await using database = await cloneDatabase(inject("stack"));
  const admin = await database.client("admin");
  const { rows } = await admin.query<{ correlation: string }>(`
    with owner as (
      insert into auth.users (id, email) values (gen_random_uuid(), 'o@example.com') returning id
    ),
    recording as (
      insert into public.video_recordings (user_id, filename, storage_path)
      select id, 'a.mp4', id || '/a.mp4' from owner returning id, user_id
    ),
    job as (
      insert into public.analysis_jobs (video_recording_id, user_id, coach)
      select id, user_id, '{}' from recording returning *
    ),
    told as (
      insert into public.processing_timeline
        (user_id, stage, subject_id, attempt, queued_at, started_at, ended_at, outcome, error_code)
      select user_id, 'analysis', id, n, now() - interval '9 s', now() - interval '7 s', now(),
        case n when 1 then 'retried' else 'completed' end, case n when 1 then 'reply_invalid' end
      from job, generate_series(1, 3) as n
    )
    select correlation_id::text as correlation from job`);
  const folder = await mkdtemp(join(tmpdir(), "sideline-report-"));
  try {
    const json = await run(["--db-url", database.url, "--json", "--days", "0.5"]);
    const { sections } = JSON.parse(json.stdout);
    expect(sections.latency).toMatchObject([
      { stage: "analysis", attempts: 2, waiting_p50: 2, working_p99: 7 },
    ]);
    expect(sections.failures).toMatchObject([{ completed: 2, retried: 1, failed_share: 0 }]);
    expect(sections.users).toMatchObject([{ recordings: 1, attempts: 3 }]);

    const text = await run(["--db-url", database.url]);
    expect(text.stdout).toMatch(/## Stages now\n\n\| stage +\| enabled/);

    const file = join(folder, "spans.json");
    await run(["--db-url", database.url, "--otlp", file]);
    const { resourceSpans } = JSON.parse(await readFile(file, "utf8"));
    const { spans } = resourceSpans[0].scopeSpans[0];
    const trace = rows[0]?.correlation.replaceAll("-", "");
    expect(spans.map((span: { traceId: string }) => span.traceId)).toEqual(Array(6).fill(trace));
    expect(new Set(spans.map((span: { spanId: string }) => span.spanId)).size).toBe(6);
    const [work, wait] = spans;
    expect(work).toMatchObject({ name: "analysis", status: { code: 2, message: "reply_invalid" } });
    expect(wait).toMatchObject({ parentSpanId: work.spanId, endTimeUnixNano: expect.any(String) });
    expect(BigInt(work.endTimeUnixNano) - BigInt(work.startTimeUnixNano)).toBe(9_000_000_000n);
  } finally {
    await rm(folder, { recursive: true });
  }
});
