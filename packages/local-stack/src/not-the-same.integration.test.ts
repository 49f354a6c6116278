/**
 * What `docs/local-stack.md` says is not as on hosted, as it stands: who changes it changes the page.
 * What else stands there has its tests beside the part that it is about.
 */
import { randomUUID } from "node:crypto";
import { createServiceClient } from "@sideline/proving-ground/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openSql, type Sql } from "./sql/sql.ts";
import { createTestBucket } from "./storage/test-bucket.ts";
import { openTestGateway, type TestGateway } from "./test-gateway.ts";

const shared = inject("stack");
let stack: TestGateway;
let admin: Sql;

beforeAll(async () => {
  stack = await openTestGateway(shared);
  await stack.migrate(`
    create table public.towns (id int primary key, name text);
    insert into public.towns values (1, 'Ulm');
    grant all on public.towns to service_role;
  `);
  admin = openSql(shared.adminDbUrl, { max: 1 });
});
afterAll(() => Promise.all([stack?.stop(), admin?.end()]));

test.each<[string, string, RequestInit, number, object | null]>([
  ["OpenAPI document", "/", {}, 404, {}],
  ["GeoJSON", "/towns", { headers: { accept: "application/geo+json" } }, 406, { code: "PGRST107" }],
])("the Data API has no %s", async (_, path, { headers, ...init }, status, body) => {
  const url = `${stack.url}/rest/v1${path}`;
  const asked = new Headers({ "content-type": "application/json", ...Object(headers) });
  asked.set("apikey", stack.keys.secretKey);
  const answer = await fetch(url, { ...init, headers: asked });

  expect([answer.status, answer.headers.get("location")]).toEqual([status, null]);
  if (body !== null) expect(await answer.json()).toMatchObject(body);
});

test("there is no GraphQL; Storage has no S3 protocol, vectors or analytics", async () => {
  const headers = { apikey: shared.secretKey };
  const paths = ["/s3", "/vector/ListIndexes", "/iceberg/v1/config"].map(
    (one) => `storage/v1${one}`,
  );
  for (const path of ["graphql/v1", ...paths]) {
    const answer = await fetch(`${shared.apiUrl}/${path}`, { method: "POST", headers });
    expect([path, answer.status]).toEqual([path, 404]);
  }
});

describe("Auth", () => {
  test("deletes users at once, also where they should only be marked", async () => {
    const { id } = await stack.user();
    const { admin: users } = stack.service().auth;
    await users.deleteUser(id, true);

    expect((await users.getUserById(id)).error?.status).toBe(404);
  });

  test("limits no request in rate", async () => {
    const { email, client } = await stack.user();
    for (let ask = 0; ask < 3; ask++) {
      expect((await client.auth.signInWithOtp({ email })).error).toBeNull();
    }
  });
});

test("Storage refuses names with empty or .. parts, and has emptied a bucket when it answers", async () => {
  const bucket = await createTestBucket(shared);
  await bucket.files.upload("one.txt", Buffer.from("x"));
  for (const name of ["a//b.txt", "a/../b.txt", "/b.txt"]) {
    const { error } = await bucket.files.copy("one.txt", name);
    expect(error?.message).toBe(`Invalid key: ${name}`);
  }
  await createServiceClient(shared).storage.emptyBucket(bucket.id);

  expect((await bucket.files.list()).data).toEqual([]);
  await bucket.drop();
});

describe("the database", () => {
  test("does not encrypt what is in Vault", async () => {
    const secret = randomUUID();
    await admin`select vault.create_secret(${secret}, ${secret})`;
    const rows = await admin`select secret from vault.secrets where name = ${secret}`;
    await admin`delete from vault.secrets where name = ${secret}`;

    expect(rows).toEqual([{ secret }]);
  });

  test.each<[string, string, object[]]>([
    [
      "lets postgres grant authenticator",
      `select admin_option from pg_auth_members
       where roleid = 'authenticator'::regrole and member = 'postgres'::regrole`,
      [{ admin_option: true }],
    ],
    [
      "listens on one address of this machine, without TLS",
      "select current_setting('listen_addresses') as at, current_setting('ssl') as tls",
      [{ at: "127.0.0.1", tls: "off" }],
    ],
    [
      "has no search_v2() and no list_objects_with_delimiter()",
      `select proname from pg_proc where pronamespace = 'storage'::regnamespace
       and proname in ('search_v2', 'list_objects_with_delimiter')`,
      [],
    ],
  ])("%s", async (_, query, rows) => {
    expect((await admin.run(query)).rows).toEqual(rows);
  });
});
