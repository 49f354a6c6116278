import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { anonymous, asCaller, type Caller, serviceRole } from "./caller.ts";
import { openSql, type Sql } from "./sql/sql.ts";

let sql: Sql;

beforeAll(() => {
  sql = openSql(inject("stack").adminDbUrl, { max: 2 });
});
afterAll(() => sql.end());

const id = randomUUID();
const user: Caller = {
  role: "authenticated",
  userId: id,
  claims: { sub: id, role: "authenticated", email: "u@example.com" },
};

test.each([
  [anonymous, { role: "anon", uid: null, email: null }],
  [serviceRole, { role: "service_role", uid: null, email: null }],
  [user, { role: "authenticated", uid: id, email: "u@example.com" }],
])("statements run as $role, and policies see its claims", async (caller, seen) => {
  const [row] = await asCaller(
    sql,
    caller,
    (tx) => tx`select current_user as role, auth.uid() as uid, auth.email() as email`,
  );

  expect(row).toEqual(seen);
});

test("the role ends with the transaction, and what failed is undone", async () => {
  const work = asCaller(sql, serviceRole, async (tx) => {
    await tx`insert into storage.buckets (id, name) values (${id}, ${id})`;
    throw new Error("changed its mind");
  });

  await expect(work).rejects.toThrow("changed its mind");
  expect(await sql`select current_user as role`).toEqual([{ role: "supabase_admin" }]);
  expect(await sql`select from storage.buckets where id = ${id}`).toHaveLength(0);
});
