import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { defaultSettings } from "../config/settings.ts";
import { openTestGateway, type TestGateway, type TestUser } from "../test-gateway.ts";
import { type Case, expectAnswer } from "./test-answers.ts";

let stack: TestGateway;
let owner: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  // What `[api]` of config.toml says; the first schema is the one that is meant.
  const api = { ...defaultSettings.api, schemas: ["pipeline", "public"], max_rows: 4 };
  stack = await openTestGateway(inject("stack"), { settings: { ...defaultSettings, api } });
  await stack.migrate(`
    create table public.parents (
      id int primary key, name text not null, details jsonb,
      user_id uuid not null default auth.uid() references auth.users,
      size int constraint size_is_positive check (size > 0)
    );
    alter table public.parents enable row level security;
    create policy "owners have their parents" on public.parents to authenticated
      using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
    grant all on public.parents to authenticated, service_role;
    create table public.many as select n as id from generate_series(1, 6) as n;
    grant select on public.many to authenticated;
    create table pipeline.items (id int primary key, note text);
    grant select, insert on pipeline.items to service_role;
    create function public.fail_with(code text) returns void language plpgsql as $$
    begin
      raise exception 'failed with %', code using errcode = code, detail = 'why', hint = 'how';
    end
    $$;
    create function public.who_am_i() returns jsonb language sql stable as $$
      select jsonb_build_object(
        'role', current_user, 'uid', auth.uid(), 'session', auth.jwt() ->> 'session_id')
    $$;
    create function public.sleep(seconds float8) returns void
      language sql as $$ select pg_sleep(seconds) $$;
    create function public.numbers() returns setof int language sql return generate_series(1, 6);
    grant execute on all functions in schema public to anon, authenticated, service_role;
  `);
  [owner, stranger] = await Promise.all([stack.user(), stack.user()]);
  await owner.client
    .from("parents")
    .insert([
      { id: 1, name: "a", details: { by: { foot: true } } },
      { id: 2, name: "b" },
      { id: 3, name: "c" },
    ])
    .throwOnError();
});
afterAll(() => stack.stop());

const cases: Case[] = [
  [
    "a range with an exact count",
    (db) => db.from("parents").select("name", { count: "exact" }).order("name").range(1, 1),
    { data: [{ name: "b" }], count: 3, status: 206 },
  ],
  [
    "a count alone",
    (db) => db.from("parents").select("*", { count: "exact", head: true }),
    { data: null, count: 3 },
  ],
  [
    "an estimated count of a small table is exact",
    (db) => db.from("parents").select("*", { count: "estimated", head: true }),
    { count: 3 },
  ],
  [
    "an offset behind the last row, where the rows are counted",
    (db) => db.from("parents").select("*", { count: "exact" }).range(5, 6),
    { status: 416, error: { code: "PGRST103" } },
  ],
  [
    "documents in CSV are as Postgres prints them",
    (db) => db.from("parents").select("id, details").eq("id", 1).csv(),
    { data: 'id,details\n1,"{""by"": {""foot"": true}}"' },
  ],
  [
    "plans are refused until postgres allows them",
    (db) => db.from("parents").select().explain(),
    { status: 406, error: { code: "PGRST107" } },
  ],
  [
    "no answer has more than max_rows, though the count knows them all",
    (db) => db.from("many").select("id", { count: "exact" }).order("id").limit(5),
    { data: [1, 2, 3, 4].map((id) => ({ id })), count: 6 },
  ],
  ["nor has a function's", (db) => db.rpc("numbers"), { data: [1, 2, 3, 4] }],
  [
    "a range of a function's, counted",
    (db) => db.rpc("numbers", {}, { count: "exact" }).range(4, 5),
    { data: [5, 6], count: 6 },
  ],
  [
    "a constraint is named",
    (db) => db.from("parents").insert({ id: 9, name: "x", size: -1 }),
    { status: 400, error: { code: "23514", message: expect.stringContaining("size_is_positive") } },
  ],
  ["an unknown table", (db) => db.from("nope").select(), { error: { code: "PGRST205" } }],
  [
    "an unknown column is named with its table",
    (db) => db.from("parents").select("nope"),
    { error: { code: "42703", message: "column parents.nope does not exist" } },
  ],
  [
    "an unknown column that is written",
    (db) => db.from("parents").insert({ nope: 1 }),
    {
      status: 400,
      error: {
        code: "PGRST204",
        message: "Could not find the 'nope' column of 'parents' in the schema cache",
      },
    },
  ],
  ["an unknown function", (db) => db.rpc("nope"), { error: { code: "PGRST202" } }],
  ...["auth", "storage", "vault"].map(
    (schema): Case => [
      `schema ${schema} is not exposed`,
      (db) => db.schema(schema).from("users").select(),
      { status: 406, error: { code: "PGRST106" } },
    ],
  ),
];

test.each(cases)("%s", async (_, ask, expected) => {
  expectAnswer(await ask(owner.client), expected);
});

describe("who sees what", () => {
  test("a stranger sees nothing, anonymous callers are refused, the secret key sees all", async () => {
    const refused = { status: 401, error: { code: "42501" } };

    expectAnswer(await stranger.client.from("parents").select(), { data: [] });
    expectAnswer(await stack.anon().from("parents").select(), refused);
    expectAnswer(await stack.service().from("parents").select("name").order("name"), {
      data: [{ name: "a" }, { name: "b" }, { name: "c" }],
    });
  });

  test("functions see the caller's role and claims", async () => {
    const { data } = await owner.client.rpc("who_am_i");
    const service = await stack.service().rpc("who_am_i");

    expect(data).toMatchObject({ role: "authenticated", uid: owner.id });
    expect(data.session).toMatch(/^[0-9a-f-]{36}$/);
    expect(service.data).toMatchObject({ role: "service_role", uid: null });
  });

  test("schema pipeline is for the secret key", async () => {
    const item = { id: 1, note: "ours" };
    const items = stack.service().schema("pipeline").from("items");
    const headers = { apikey: stack.keys.secretKey };

    expectAnswer(await items.insert(item).select().single(), { data: item });
    // The first schema is meant where none is named.
    expect(await (await fetch(`${stack.url}/rest/v1/items`, { headers })).json()).toEqual([item]);
    expectAnswer(await owner.client.schema("pipeline").from("items").select(), {
      status: 403,
      error: { code: "42501" },
    });
    expectAnswer(await stack.anon().schema("pipeline").from("items").select(), {
      status: 401,
      error: { code: "42501" },
    });
  });
});

// PostgREST, "HTTP status codes" of its reference on errors.
test.each([
  [400, ["22P02", "23502", "42703", "P0001", "SL001"]],
  [403, ["0L000", "0P000", "28000", "42501"]],
  [404, ["42883", "42P01"]],
  [405, ["25006"]],
  [409, ["23503", "23505"]],
  [418, ["PT418"]],
  [500, ["21000", "25P02", "40001", "42P17", "53400", "57014", "P0002", "XX000"]],
  [503, ["53300"]],
])("status %i goes with SQLSTATEs %j, whose words pass through", async (status, codes) => {
  for (const code of codes) {
    const error = { code, message: `failed with ${code}`, details: "why", hint: "how" };
    expectAnswer(await owner.client.rpc("fail_with", { code }), { status, error });
  }
});

test("a lost connection is 503; a statement is bound by its role's timeout", async () => {
  expectAnswer(await owner.client.rpc("fail_with", { code: "08006" }), {
    status: 503,
    error: { code: "PGRST001" },
  });
  expectAnswer(await stack.anon().rpc("sleep", { seconds: 30 }), {
    status: 500,
    error: { code: "57014" },
  });
});

test("changes of the schema are seen at once", async () => {
  const later = () => stack.service().from("later");
  await stack.migrate(
    "create table public.later (id int primary key); grant all on public.later to service_role;",
  );
  expectAnswer(await later().select(), { data: [] });
  await stack.migrate("alter table public.later add column note text;");
  const insert = async () => {
    const row = { id: 1, note: '"quoted"' };
    return (await later().upsert(row).select().single()).data?.note;
  };
  expect(await insert()).toBe('"quoted"');

  await stack.migrate("alter table public.later alter note type jsonb using to_jsonb(note);");
  // Read as text of type jsonb it would lose its quotes.
  await expect.poll(insert).toBe('"quoted"');
  await stack.migrate("drop table public.later;");
  expect((await later().select()).error).not.toBeNull();
});

test("a request after all connections were cut is served", async () => {
  const select = () => owner.client.from("parents").select("name").limit(1);
  await Promise.all([1, 2, 3].map(select));
  await stack.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
  `;

  const answers = await Promise.all([1, 2, 3, 4].map(select));
  expect(answers.map(({ error }) => error)).toEqual([null, null, null, null]);
});
