/** Every question about many sessions is answered by an index, as auto_explain reports it. */
import type postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { explainEverything, readScans, type Scan } from "../support/explained.ts";
import { actAs, loadSessions, type SessionQuery, sessionQueries } from "./session-queries.ts";

const sessions = 8_000;
/** No question may look at more rows: a page is 20 of them. */
const mostRows = 1_500;

let database: ClonedDatabase;
let admin: postgres.Sql;
let scans: Scan[] = [];
let queries: SessionQuery[] = [];

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  admin = database.sql("admin", { onnotice: (notice) => scans.push(...readScans(notice)) });
  const { heavyUserId, sessionId, middle } = await loadSessions(admin, sessions);
  queries = sessionQueries(sessionId, middle);
  await explainEverything(admin);
  await actAs(admin, heavyUserId);
}, 120_000);
afterAll(() => database?.drop());

const names = sessionQueries(1, new Date()).map(({ name }) => name);

test.each(names)("%s", async (name) => {
  const query = queries.find((one) => one.name === name);
  scans = [];
  const found = await query?.run(admin);

  expect(found?.length).toBeGreaterThan(0);
  const read = scans.filter(({ table }) => /^session|^hole|^analysis/.test(table));
  expect(read.length).toBeGreaterThan(0);
  expect(read.filter(({ node }) => node === "Seq Scan")).toEqual([]);
  const used = scans.flatMap(({ index }) => index ?? []);
  expect(query?.indexes.some((index) => used.includes(index)) || used).toBe(true);
  expect(read.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(mostRows);
});
