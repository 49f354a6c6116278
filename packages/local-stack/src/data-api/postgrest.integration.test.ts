import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";

/** With ten columns each these are more values than the 65,535 parameters of a statement. */
const manyRows = 7_000;
const tenColumns = Array.from({ length: 10 }, (_, at) => `c${at}`);

let stack: TestGateway;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
  await stack.migrate(`
    create table public.nodes (
      id int primary key, label text not null default 'none',
      parent_id int references public.nodes, twin_id int references public.nodes
    );
    create table public.groups (id int primary key, parent_id int references public.groups);
    create table public.rides (
      id int primary key, price numeric not null, details jsonb,
      "from" int not null references public.nodes, "to" int not null references public.nodes
    );
    create table public.fares (id int primary key, ride_id int not null references public.rides);
    create view public.cheap_rides as select id, price, "from" as start from public.rides where price < 5;
    create table public.marks (${tenColumns.map((column) => `${column} int`).join(", ")});
    insert into public.nodes values (1, 'root', null, null), (2, 'leaf', 1, 1);
    insert into public.groups values (1, null), (2, 1), (3, 1);
    insert into public.rides values (1, 2.5, '{"by": {"foot": true}}', 1, 2), (2, 10, null, 2, 1);
    insert into public.fares values (1, 1), (2, 1);
    grant all on all tables in schema public to service_role;
  `);
});
afterAll(() => stack.stop());

describe("embedding", () => {
  test("an alias is no hint: two keys to one table are ambiguous", async () => {
    const { error, status } = await stack.service().from("rides").select("from:nodes(label)");

    expect([status, error?.code]).toEqual([300, "PGRST201"]);
  });

  test("a column of a key is one, as a name and behind the table's", async () => {
    const service = stack.service();
    const byName = await service.from("rides").select("start:from(label)").eq("id", 1).single();
    const byHint = await service.from("rides").select("nodes!to(label)").eq("id", 1).single();

    expect(byName.data).toEqual({ start: { label: "root" } });
    expect(byHint.data).toEqual({ nodes: { label: "leaf" } });
  });

  test("a table in itself is its children; by the key's column its parent", async () => {
    const service = stack.service();
    const children = await service.from("groups").select("id, groups(id)").eq("id", 1).single();
    const parent = await service.from("groups").select("id, parent_id(id)").eq("id", 2).single();
    const byKey = await service.from("groups").select("id, groups!groups_parent_id_fkey(id)");

    expect(children.data).toEqual({ id: 1, groups: [{ id: 2 }, { id: 3 }] });
    expect(parent.data).toEqual({ id: 2, parent_id: { id: 1 } });
    expect(byKey.error?.code).toBe("PGRST200");
  });

  test("one label twice is Postgres' own refusal", async () => {
    const { error } = await stack.service().from("rides").select("nodes!from(id), nodes!to(id)");

    expect(error?.code).toBe("42712");
  });

  test("a view has the keys of its table", async () => {
    const { data } = await stack
      .service()
      .from("cheap_rides")
      .select("id, nodes(label), fares(id)");

    expect(data).toEqual([{ id: 1, nodes: { label: "root" }, fares: [{ id: 1 }, { id: 2 }] }]);
  });

  test("rows without children, and rows by their parent", async () => {
    const service = stack.service();
    const none = await service.from("rides").select("id, fares(id)").is("fares", null);
    const bad = await service.from("rides").select("id, fares(id)").eq("fares", 1);
    const ordered = await service
      .from("rides")
      .select("id, start:nodes!from(label)")
      .order("label", { referencedTable: "start" })
      .order("start(label)");

    expect(none.data).toEqual([{ id: 2, fares: [] }]);
    expect([bad.status, bad.error?.code]).toEqual([400, "PGRST120"]);
    expect(ordered.data?.map((row) => row.id)).toEqual([2, 1]);
  });

  test("spread into the row, an object by its columns, a list as lists", async () => {
    const service = stack.service();
    const one = await service.from("rides").select("id, ...nodes!from(start:label)").eq("id", 1);
    const many = await service.from("rides").select("id, ...fares(fare:id)").order("id");

    expect(one.data).toEqual([{ id: 1, start: "root" }]);
    expect(many.data).toEqual([
      { id: 1, fare: [1, 2] },
      { id: 2, fare: [] },
    ]);
  });
});

describe("what a role's settings switch on", () => {
  test("aggregates are refused until postgres allows them; then they group", async () => {
    const service = stack.service();
    const refused = await service.from("rides").select("price.sum()");
    await stack.migrate("alter role authenticator set pgrst.db_aggregates_enabled = 'true'");
    stack.gateway.reloadSchema();
    const allowed = await service.from("rides").select("from, price.sum(), count()").order("from");
    const counted = await service.from("rides").select("id, fares(count())").order("id");
    await stack.migrate("alter role authenticator reset pgrst.db_aggregates_enabled");

    expect(refused.error?.code).toBe("PGRST123");
    expect(allowed.data).toEqual([
      { from: 1, sum: 2.5, count: 1 },
      { from: 2, sum: 10, count: 1 },
    ]);
    expect(counted.data).toEqual([
      { id: 1, fares: [{ count: 2 }] },
      { id: 2, fares: [{ count: 0 }] },
    ]);
  });

  test("so are plans", async () => {
    const { error, status } = await stack.service().from("rides").select().explain();

    expect([status, error?.code]).toEqual([406, "PGRST107"]);
  });
});

describe("what is written", () => {
  test("more values than a statement has parameters", async () => {
    const service = stack.service();
    const row = Object.fromEntries(tenColumns.map((column) => [column, 1]));

    const { error, count } = await service
      .from("marks")
      .insert(Array(manyRows).fill(row), { count: "exact" });

    expect([error, count]).toEqual([null, manyRows]);
  });

  test("an upsert leaves to the default what a row lacks", async () => {
    const service = stack.service();

    const { data, status } = await service
      .from("nodes")
      .upsert([{ id: 3 }, { id: 4, label: "given" }], { defaultToNull: false })
      .select("id, label");
    const again = await service.from("nodes").upsert({ id: 3, label: "again" });

    expect([status, data]).toEqual([
      201,
      [
        { id: 3, label: "none" },
        { id: 4, label: "given" },
      ],
    ]);
    expect(again.status).toBe(200);
  });

  test("a column that is not there is named", async () => {
    const { error, status } = await stack.service().from("nodes").insert({ id: 5, nolabel: "x" });

    expect([status, error?.code, error?.message]).toEqual([
      400,
      "PGRST204",
      "Could not find the 'nolabel' column of 'nodes' in the schema cache",
    ]);
  });
});

describe("what is read", () => {
  test("an estimated count of a small table is exact", async () => {
    const { count } = await stack
      .service()
      .from("rides")
      .select("*", { count: "estimated", head: true });

    expect(count).toBe(2);
  });

  test("documents in CSV are as Postgres prints them", async () => {
    const { data } = await stack.service().from("rides").select("id, details").eq("id", 1).csv();

    expect(data).toBe('id,details\n1,"{""by"": {""foot"": true}}"');
  });

  test("an unknown column is named with its table", async () => {
    const { error } = await stack.service().from("rides").select("id, nothing");

    expect([error?.code, error?.message]).toEqual(["42703", "column rides.nothing does not exist"]);
  });

  test("an offset behind the last row, where the rows are counted", async () => {
    const { error, status } = await stack
      .service()
      .from("rides")
      .select("*", { count: "exact" })
      .range(5, 6);

    expect([status, error?.code]).toEqual([416, "PGRST103"]);
  });
});
