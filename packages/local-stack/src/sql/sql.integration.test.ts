import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { listen } from "./listen.ts";
import { openSql, type Queries, type Sql } from "./sql.ts";

const { adminDbUrl } = inject("stack");
let sql: Sql;
let killer: Sql;

beforeAll(async () => {
  sql = openSql(adminDbUrl, { max: 2 });
  killer = openSql(adminDbUrl, { max: 1 });
});
afterAll(async () => {
  await Promise.all([sql.end(), killer.end()]);
});

/** Ends the connection from the other side, as a restart of Postgres does. */
async function killConnectionOf(queries: Queries): Promise<void> {
  const [backend] = await queries<{ pid: number }>`select pg_backend_pid() as pid`;
  await killer`select pg_terminate_backend(${backend?.pid}, 5000)`;
}

test("a transaction whose connection is lost fails, and the next one is on another", async () => {
  const cut = sql.begin(async (tx) => {
    await killConnectionOf(tx);
    return await tx`select 1`;
  });

  await expect(cut).rejects.toThrow(/connection/i);
  expect(await sql.begin((tx) => tx<{ one: number }>`select 1 as one`)).toEqual([{ one: 1 }]);
});

test("a connection lost between a transaction's last statement and its commit fails it", async () => {
  await expect(sql.begin(killConnectionOf)).rejects.toThrow(/connection/i);
});

test("connections that were lost while nobody used them are not noticed by who comes next", async () => {
  for (let round = 0; round < 20; round++) {
    const both = sql.session(async (one) => {
      await sql.session(killConnectionOf);
      await killConnectionOf(one);
    });
    await both.catch(() => {});

    expect(await sql.begin((tx) => tx`select`)).toHaveLength(1);
  }
});

test("what fails is rolled back, and its connection is used again", async () => {
  const pidOf = async (queries: Queries) =>
    (await queries<{ pid: number }>`select pg_backend_pid() as pid`)[0]?.pid;
  const single = openSql(adminDbUrl, { max: 1 });
  let pid: number | undefined;
  const failing = single.begin(async (tx) => {
    pid = await pidOf(tx);
    await tx`select set_config('pipeline.note', 'left over', true)`;
    await tx`select 1 / 0`;
  });

  await expect(failing).rejects.toMatchObject({ code: "22012" });
  expect(await pidOf(single)).toBe(pid);
  const [left] = await single<{ note: string }>`select current_setting('pipeline.note') as note`;
  expect(left?.note).toBe("");
  await single.end();
});

test("settings hold in every session, blanks and all", async () => {
  const settings = { "pipeline.note": "two \\ words", statement_timeout: "50ms" };
  const own = openSql(adminDbUrl, { max: 1, settings });

  expect(await own`select current_setting('pipeline.note') as note`).toEqual([
    { note: "two \\ words" },
  ]);
  await expect(own`select pg_sleep(5)`).rejects.toMatchObject({ code: "57014" });
  await own.end();
});

test("the end does not wait for a statement that never ends", async () => {
  const own = openSql(adminDbUrl, { max: 1 });
  const hanging = own`select pg_sleep(60)`.catch((error: Error) => error.message);
  await own.end();

  expect(await hanging).toMatch(/connection/i);
});

test("a listener whose connection is lost listens again, and says that it may have missed some", async () => {
  let notified = 0;
  let began = 0;
  const listener = listen({
    url: adminDbUrl,
    name: "listener under test",
    channel: "Under Test",
    onNotify: () => notified++,
    onMissed: () => began++,
  });
  await listener.ready;
  const notify = () => sql`select pg_notify('Under Test', '')`;
  await notify();
  await expect.poll(() => notified).toBe(1);

  await killer`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'listener under test'`;
  await expect.poll(() => began).toBe(2);
  await notify();

  await expect.poll(() => notified).toBe(2);
  await listener.stop();
});
