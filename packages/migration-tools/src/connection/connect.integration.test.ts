/** The same against a real Postgres. */
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connect } from "./connect.ts";

const stack = inject("stack");
const suffix = process.pid;
const role = `connection_role_${suffix}`;
const locked = `connection_locked_${suffix}`;
let admin: postgres.Sql;

beforeAll(async () => {
  admin = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create role ${role} login password 'known'`);
  await admin.unsafe(`create role ${role}_sleeping nologin password 'known'`);
  await admin.unsafe(`create role ${role}_many login password 'known' connection limit 0`);
  await admin.unsafe(`create database ${locked}`);
  await admin.unsafe(`revoke connect on database ${locked} from public`);
});

afterAll(async () => {
  await admin.unsafe(`drop database if exists ${locked}`);
  await admin.unsafe(`drop role if exists ${role}, ${role}_sleeping, ${role}_many`);
  await admin.end();
});

/** The stack's connection string with some parts replaced. */
function urlWith(parts: { user?: string; password?: string; database?: string; query?: string }) {
  const url = new URL(stack.dbUrl);
  if (parts.user !== undefined) url.username = parts.user;
  if (parts.password !== undefined) url.password = parts.password;
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  if (parts.query !== undefined) url.search = parts.query;
  return url.href;
}

test("connects", async () => {
  const client = await connect(stack.dbUrl);
  const { rows } = await client.query("select current_user as role").finally(() => client.end());

  expect(rows).toEqual([{ role: "postgres" }]);
});

test.each([
  [{ password: "wrong" }, "password", /The password for the role postgres is wrong/],
  [{ password: "" }, "password", /has no password: put it behind/],
  [{ user: "nobody_here", password: "known" }, "password", /or there is no such role/],
  [{ user: `${role}_sleeping`, password: "known" }, "role", /may not log in/],
  [{ user: `${role}_many`, password: "known" }, "limit", /no connection left/],
  [{ user: role, password: "known", database: locked }, "access", /may not connect to/],
  [{ database: "nowhere" }, "database", /There is no database nowhere .*: use \/postgres\./],
  [{ query: "sslmode=require" }, "tls", /offers no TLS/],
])("%o is told as a wrong %s", async (parts, part, words) => {
  await expect(connect(urlWith(parts))).rejects.toMatchObject({
    name: "ConnectionError",
    part,
    message: expect.stringMatching(words),
  });
});
