import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway, type TestUser } from "../test-gateway.ts";
import { expectAnswer } from "./test-answers.ts";

/** With ten columns each these are more values than the 65,535 parameters of a statement. */
const manyRows = 7_000;
const tenColumns = Array.from({ length: 10 }, (_, at) => `c${at}`);

let stack: TestGateway;
let owner: TestUser;
let stranger: TestUser;
let nextId = 1;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
  await stack.migrate(`
    create table public.parents (
      id bigint generated always as identity primary key,
      name text not null unique,
      status text not null default 'new',
      user_id uuid not null default auth.uid() references auth.users on delete cascade,
      created_at timestamptz not null default now()
    );
    create table public.children (
      id bigint generated always as identity primary key,
      parent_id bigint not null references public.parents on delete cascade,
      label text not null
    );
    create table public.pairs (a int, b text, note text, primary key (a, b));
    create table public.kinds (
      id int primary key,
      big bigint, amount numeric, ratio float8, flag boolean, key uuid,
      document jsonb, plain json, words text[], numbers int[], moments timestamptz[],
      day date, local timestamp, moment timestamptz, span interval, bytes bytea
    );
    create table public.marks (${tenColumns.map((column) => `${column} int`).join(", ")});
    alter table public.parents enable row level security;
    create policy "owners have their parents" on public.parents to authenticated
      using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
    grant select, insert, update, delete on public.parents, public.children
      to authenticated, service_role;
    grant all on public.pairs, public.kinds, public.marks to service_role;
  `);
  [owner, stranger] = await Promise.all([stack.user(), stack.user()]);
});
afterAll(() => stack.stop());

const parents = () => owner.client.from("parents");
const kinds = () => stack.service().from("kinds");

async function newParents(...names: string[]) {
  const rows = names.map((name) => ({ name }));
  return (await parents().insert(rows).select().throwOnError()).data;
}

async function addChildren(parent: { id: number }, ...labels: string[]): Promise<void> {
  const rows = labels.map((label) => ({ parent_id: parent.id, label }));
  await owner.client.from("children").insert(rows).throwOnError();
}

describe("what a change returns", () => {
  test("an insertion its row, with ISO times, or nothing", async () => {
    const { data, status } = await parents().insert({ name: "single" }).select().single();

    expect(status).toBe(201);
    expect(data).toMatchObject({ name: "single", status: "new", user_id: owner.id });
    expect(data.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/);
    expectAnswer(await parents().insert({ name: "silent" }), { data: null, status: 201 });
  });

  test("an update that changes what it filters by its rows, with children", async () => {
    const [parent] = await newParents("embedded");
    await addChildren(parent, "second", "first");

    const answer = await parents()
      .update({ status: "done" })
      .eq("status", "new")
      .eq("name", "embedded")
      .select("status, children(label)")
      .order("label", { referencedTable: "children" })
      .single();

    const data = { status: "done", children: [{ label: "first" }, { label: "second" }] };
    expectAnswer(answer, { data });
  });

  test("rows in the order of the change, under other names", async () => {
    const pairs = [
      { a: 2, b: 'x,"y' },
      { a: 1, b: "z" },
    ];
    const answer = await stack.service().from("pairs").insert(pairs).select("first:a, b");

    expectAnswer(answer, { data: pairs.map(({ a, b }) => ({ first: a, b })) });
  });

  test("a deletion the children that went with it", async () => {
    const [parent] = await newParents("deleted");
    await addChildren(parent, "gone");

    const deletion = parents().delete().eq("id", parent.id);
    const answer = await deletion.select("name, children(label)").single();

    expectAnswer(answer, { data: { name: "deleted", children: [{ label: "gone" }] } });
    const left = await stack.service().from("children").select().eq("parent_id", parent.id);
    expect(left.data).toEqual([]);
  });

  test("an upsert the row that was there, or nothing where it is ignored", async () => {
    const [parent] = await newParents("upserted");
    const upsert = (ignoreDuplicates: boolean) =>
      parents()
        .upsert({ name: "upserted", status: "again" }, { onConflict: "name", ignoreDuplicates })
        .select("id, status, children(label)");

    expectAnswer(await upsert(true), { data: [] });
    const data = [{ id: parent.id, status: "again", children: [] }];
    expectAnswer(await upsert(false), { data, status: 200 });
  });
});

test("a refused change says why, with embedding as without, and changes nothing", async () => {
  await newParents("taken");
  const insert = () => parents().insert([{ name: "free" }, { name: "taken" }]);

  const plain = await insert().select();
  const embedded = await insert().select("name, children(label)");

  expect([plain.status, plain.error?.code]).toEqual([409, "23505"]);
  expect(embedded.error).toEqual(plain.error);
  expectAnswer(await parents().select().eq("name", "free"), { data: [] });
});

describe(".single() on other than one row", () => {
  test.each(["*", "*, children(*)"])("refuses two and changes neither: %s", async (columns) => {
    const names = [`two of ${columns}`, `two, too, of ${columns}`];
    await newParents(...names);
    const change = parents().update({ status: "changed" }).in("name", names);

    expectAnswer(await change.select(columns).single(), {
      status: 406,
      error: { code: "PGRST116", details: "The result contains 2 rows" },
    });
    const data = [{ status: "new" }, { status: "new" }];
    expectAnswer(await parents().select("status").in("name", names), { data });
  });

  test("refuses none, a stranger's among them, where maybeSingle() gives null", async () => {
    const [parent] = await newParents("not yours");
    const steal = () =>
      stranger.client.from("parents").update({ status: "x" }).eq("id", parent.id).select();

    expect((await steal().single()).error?.code).toBe("PGRST116");
    expectAnswer(await steal().maybeSingle(), { data: null });
  });
});

test("what rows lack is null, or the default when asked; also in an upsert", async () => {
  const rows = [{ name: "short" }, { name: "long", status: "given" }];
  const toDefault = { defaultToNull: false };

  expect((await parents().insert(rows)).error?.code).toBe("23502");
  const data = [{ status: "new" }, { status: "given" }];
  expectAnswer(await parents().insert(rows, toDefault).select("status"), { data });
  const again = rows.map((row) => ({ ...row, name: `${row.name} again` }));
  const upserted = parents().upsert(again, { ...toDefault, onConflict: "name" });
  expectAnswer(await upserted.select("status"), { data, status: 201 });
});

test("more values than a statement has parameters", async () => {
  const row = Object.fromEntries(tenColumns.map((column) => [column, 1]));
  const rows = Array(manyRows).fill(row);

  expectAnswer(await stack.service().from("marks").insert(rows, { count: "exact" }), {
    count: manyRows,
  });
});

test.each<[unknown]>([
  ...[[[]], [[1, "2", null]], [[true, false]], [[{ a: [1, { b: null }] }]], [{}]],
  ...["text", "", '{"looks":"like json"}', "12", 12.5, 0, true, false].map((one) => [one]),
] as [unknown][])("JSON comes out as it went in: %j", async (value) => {
  const id = nextId++;
  const row = { id, document: value, plain: value };
  const inserted = await kinds().insert(row).select("document, plain").single();
  const both = [
    { id, document: value },
    { id: nextId++, document: value },
  ];
  const bulk = await kinds().upsert(both).select("document");
  const updated = await kinds().update({ document: value }).eq("id", id).select("document");

  expect(inserted.data).toEqual({ document: value, plain: value });
  expect(bulk.data).toEqual([{ document: value }, { document: value }]);
  expect(updated.data).toEqual([{ document: value }]);
});

test.each([
  ["document", null, null],
  ["big", 9007199254740991, 9007199254740991],
  ["big", "12", 12],
  ["amount", "12.50", 12.5],
  ["amount", 0.1, 0.1],
  ["amount", "NaN", "NaN"],
  ["ratio", "Infinity", "Infinity"],
  ["flag", true, true],
  ["flag", "false", false],
  ["key", "7a7f3f9e-0000-4000-8000-000000000001", "7a7f3f9e-0000-4000-8000-000000000001"],
  ["words", ["a,b", 'q"', null, "", "NULL"], ["a,b", 'q"', null, "", "NULL"]],
  ["words", [], []],
  ["words", "{x,y}", ["x", "y"]],
  ["numbers", [1, null, 3], [1, null, 3]],
  ["moments", ["2026-11-20T15:50:33Z", null], ["2026-11-20T15:50:33+00:00", null]],
  ["day", "2026-11-20", "2026-11-20"],
  ["local", "2026-11-20T15:50:33.5", "2026-11-20T15:50:33.5"],
  ["moment", "2026-11-20T17:50:33.123456+02:00", "2026-11-20T15:50:33.123456+00:00"],
  ["moment", "infinity", "infinity"],
  ["span", "90 minutes", "01:30:00"],
  ["bytes", "\\xdeadbeef", "\\xdeadbeef"],
])("a column prints as PostgREST prints it: %s %j → %j", async (column, given, shown) => {
  const insertion = kinds().insert({ id: nextId++, [column]: given });

  expectAnswer(await insertion.select(column).single(), { data: { [column]: shown } });
});

test("filters on arrays, documents and null", async () => {
  const id = nextId++;
  await kinds().insert({ id, words: ["p", "q"], document: { deep: [1, 2] } });
  const one = kinds().select("id, second:document->deep->1").eq("id", id);

  const answer = await one.contains("words", ["q"]).contains("document", { deep: [2] });
  expectAnswer(answer, { data: [{ id, second: 2 }] });
  expectAnswer(await kinds().select("id").eq("id", id).is("plain", null), { data: [{ id }] });
});
