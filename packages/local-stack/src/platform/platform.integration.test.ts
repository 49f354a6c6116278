import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openSql, type Sql } from "../sql/sql.ts";

/** As a migration runs. */
let postgres: Sql;

beforeAll(() => {
  postgres = openSql(inject("stack").dbUrl, { max: 1 });
});
afterAll(() => postgres.end());

/** The SQLSTATE that a statement fails with, or null; it leaves nothing behind. */
async function attempt(...statements: string[]): Promise<string | null> {
  const undone = new Error("undone");
  return await postgres
    .begin(async (tx) => {
      for (const statement of statements) await tx.run(statement);
      throw undone;
    })
    .then(
      () => null,
      (error: { code?: string }) => (error === undone ? null : (error.code ?? String(error))),
    );
}

const table = `probe_${randomUUID().replaceAll("-", "")}`;

describe("postgres may not, as on hosted,", () => {
  test.each([
    ...["auth", "storage", "realtime"].flatMap((schema) => [
      `create table ${schema}.${table} (id int)`,
      `create function ${schema}.${table}() returns int language sql as 'select 1'`,
    ]),
    "create index on storage.objects (owner)",
    "alter table auth.users add column note text",
    "delete from storage.objects",
    "alter role supabase_admin set statement_timeout = '1s'",
    "select pg_read_file('PG_VERSION')",
    "copy (select 1) to program 'cat'",
  ])("%s", async (statement) => {
    expect(await attempt(statement)).toBe("42501");
  });
});

describe("postgres may, as on hosted,", () => {
  test.each([
    ["create policy probe on storage.objects for select to authenticated using (false)"],
    ["create policy probe on storage.buckets for select to authenticated using (false)"],
    ["create policy probe on realtime.messages for select to authenticated using (false)"],
    [
      "create function public.probe() returns trigger language plpgsql as 'begin return new; end'",
      "create trigger probe after insert on auth.users for each row execute function public.probe()",
    ],
    ["alter role anon set statement_timeout = '1s'"],
    ["create role probe_role", "grant probe_role to authenticator"],
    ["create extension pg_trgm schema extensions"],
  ])("%s", async (...statements) => {
    expect(await attempt(...statements)).toBeNull();
  });
});
