/**
 * What `docs/local-stack.md` says is not as on hosted, as it stands: who changes it changes the page.
 * What else stands there has its tests beside the part that it is about.
 */
import { randomUUID } from "node:crypto";
import { createServiceClient } from "@sideline/proving-ground/testing";
import { createClient } from "@supabase/supabase-js";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { follow, newestMail } from "./auth/test-mails.ts";
import { openSql, type Sql } from "./sql/sql.ts";
import { createTestBucket, type TestBucket } from "./storage/test-bucket.ts";
import { openTestGateway, type TestGateway } from "./test-gateway.ts";

const shared = inject("stack");
let stack: TestGateway;
let admin: Sql;
let bucket: TestBucket;

beforeAll(async () => {
  stack = await openTestGateway(shared);
  await stack.migrate(`
    create table public.towns (id int primary key, name text);
    insert into public.towns values (1, 'Ulm');
    grant all on public.towns to service_role;
  `);
  admin = openSql(shared.adminDbUrl, { max: 1 });
  bucket = await createTestBucket(shared);
});
afterAll(async () => {
  await Promise.all([stack?.stop(), admin?.end(), bucket?.drop()]);
});

const rest = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(`${stack.url}/rest/v1${path}`, {
    ...init,
    headers: { apikey: stack.keys.secretKey, ...init.headers },
  });

describe("the Data API has no", () => {
  test("OpenAPI document", async () => {
    expect((await rest("/")).status).toBe(404);
  });

  test("GeoJSON", async () => {
    const answer = await rest("/towns", { headers: { accept: "application/geo+json" } });

    expect(answer.status).toBe(406);

    expect(await answer.json()).toMatchObject({ code: "PGRST107" });
  });

  test("CSV as input", async () => {
    const headers = { "content-type": "text/csv" };
    const answer = await rest("/towns", { method: "POST", headers, body: "id,name\n2,Bonn\n" });

    expect(await answer.json()).toMatchObject({
      code: "PGRST102",
      message: "Content-Type not acceptable: text/csv",
    });
  });

  test("Location of what was inserted", async () => {
    const answer = await rest("/towns", {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "return=headers-only" },
      body: '{"id": 3, "name": "Jena"}',
    });

    expect([answer.status, answer.headers.get("location")]).toEqual([201, null]);
  });

  test("other search path behind the schema than public and extensions", async () => {
    await stack.migrate(`
      create function public.search_path() returns text language sql
        return current_setting('search_path');
      alter role authenticator set pgrst.db_extra_search_path = 'elsewhere';
      notify pgrst, 'reload config';
    `);

    const { data } = await stack.service().rpc("search_path");

    expect(data).toBe('"public", "public", "extensions"');
  });
});

test("there is no GraphQL", async () => {
  const answer = await fetch(`${shared.apiUrl}/graphql/v1`, {
    method: "POST",
    headers: { apikey: shared.secretKey },
  });
  expect(answer.status).toBe(404);
});

describe("Auth", () => {
  test("writes amr password however a session began", async () => {
    const user = await stack.user();
    const { data } = await stack
      .service()
      .auth.admin.generateLink({ type: "magiclink", email: user.email });
    const anon = stack.anon();
    const signedIn = await anon.auth.verifyOtp({
      type: "magiclink",
      token_hash: data.properties?.hashed_token ?? "",
    });
    const amr = decodeJwt(signedIn.data.session?.access_token ?? "").amr;

    expect(amr).toEqual([expect.objectContaining({ method: "password" })]);
  });

  test("deletes users at once, also where they should only be marked", async () => {
    const user = await stack.user();
    const { admin: users } = stack.service().auth;
    await users.deleteUser(user.id, true);
    const { error } = await users.getUserById(user.id);

    expect(error?.status).toBe(404);
  });

  test("ends a mail's link with the session in the fragment, for PKCE too", async () => {
    const user = await stack.user();
    const client = createClient(stack.url, stack.keys.publishableKey, {
      auth: { flowType: "pkce", persistSession: false },
    });
    await client.auth.signInWithOtp({ email: user.email });

    const { url, session } = await follow((await newestMail(stack, user.email)).link);

    expect(url.searchParams.has("code")).toBe(false);

    expect(session.get("access_token")).toMatch(/^eyJ/);
  });

  test("limits no request in rate", async () => {
    const { email } = await stack.user();
    const ask = () => stack.anon().auth.signInWithOtp({ email });

    expect([await ask(), await ask(), await ask()].map(({ error }) => error)).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("Storage", () => {
  test("has no S3 protocol, vectors or analytics", async () => {
    const storage = `${shared.apiUrl}/storage/v1`;
    const headers = { apikey: shared.secretKey };
    const statuses = await Promise.all(
      ["/s3", "/vector/ListIndexes", "/iceberg/v1/config"].map(
        async (path) => (await fetch(storage + path, { method: "POST", headers })).status,
      ),
    );

    expect(statuses).toEqual([404, 404, 404]);
  });

  test("refuses names with empty or .. parts", async () => {
    await bucket.files.upload("one.txt", Buffer.from("x"));
    const names = ["a//b.txt", "a/../b.txt", "/b.txt"];
    const copies = await Promise.all(names.map((name) => bucket.files.copy("one.txt", name)));

    expect(copies.map(({ error }) => error?.message)).toEqual(
      names.map((name) => `Invalid key: ${name}`),
    );
  });

  test("has emptied a bucket when it answers", async () => {
    await bucket.files.upload("one.txt", Buffer.from("x"));
    const { storage } = createServiceClient(shared);
    await storage.emptyBucket(bucket.id);

    expect((await bucket.files.list()).data).toEqual([]);
  });

  test("has no search_v2() and no list_objects_with_delimiter()", async () => {
    const names =
      await admin`select proname from pg_proc where pronamespace = 'storage'::regnamespace
       and proname in ('search_v2', 'list_objects_with_delimiter')`;

    expect(names).toEqual([]);
  });
});

describe("the database", () => {
  test("does not encrypt what is in Vault", async () => {
    const secret = randomUUID();
    await admin`select vault.create_secret(${secret}, ${secret})`;
    const rows = await admin`select secret from vault.secrets where name = ${secret}`;
    await admin`delete from vault.secrets where name = ${secret}`;

    expect(rows).toEqual([{ secret }]);
  });

  test("lets postgres grant authenticator", async () => {
    const rows = await admin`
      select admin_option from pg_auth_members
      where roleid = 'authenticator'::regrole and member = 'postgres'::regrole`;

    expect(rows).toEqual([{ admin_option: true }]);
  });

  test("listens on one address of this machine, without TLS", async () => {
    const rows =
      await admin`select current_setting('listen_addresses') as at, current_setting('ssl') as tls`;

    expect(rows).toEqual([{ at: "127.0.0.1", tls: "off" }]);
  });
});
