/** Every statement of the runbooks runs as it is written, and every alert's page is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import type pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { projectRoot } from "../project-root.ts";

const folder = join(projectRoot, "docs/runbooks");
const pages = readdirSync(folder).filter((name) => name !== "README.md");
let database: ClonedDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  client = await database.client("postgres");
});
afterAll(() => database.drop());

test.each(pages)("the statements of %s", async (page) => {
  const text = readFileSync(join(folder, page), "utf8");
  const blocks = [...text.matchAll(/```sql\n(.*?)```/gs)].map(([, block = ""]) => block);

  expect(blocks.length).toBeGreaterThan(0);
  await client.query("begin");
  try {
    for (const block of blocks) {
      await client.query(block).catch((error: Error) => expect.fail(`${error.message}\n${block}`));
    }
  } finally {
    await client.query("rollback");
  }
});

test("a scheduler without a job gets each back", async () => {
  const jobs = "select jobname, schedule, command from cron.job order by jobname";
  const text = readFileSync(join(folder, "dead-cron.md"), "utf8");
  const [, again = ""] = /```sql\n(select pipeline\.install_schedule.*?)```/s.exec(text) ?? [];
  await client.query("begin");
  try {
    const before = await client.query(jobs);
    await client.query("select cron.unschedule(j.jobid) from cron.job as j");

    await client.query(again);

    expect((await client.query(jobs)).rows).toEqual(before.rows);
    expect(before.rows).not.toEqual([]);
  } finally {
    await client.query("rollback");
  }
});

test("every alert names a page", async () => {
  const { rows } = await client.query<{ runbook: string }>(
    "select runbook from pipeline.alert_rules",
  );

  for (const { runbook } of rows)
    expect(existsSync(join(projectRoot, runbook)), runbook).toBe(true);
});
