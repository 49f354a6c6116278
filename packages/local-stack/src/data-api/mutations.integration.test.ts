import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway, type TestUser } from "../test-gateway.ts";
import { testSchema } from "./test-schema.ts";

let stack: TestGateway;
let owner: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
  await stack.migrate(testSchema);
  [owner, stranger] = await Promise.all([stack.user(), stack.user()]);
});
afterAll(() => stack.stop());

async function newParents(...names: string[]) {
  const rows = names.map((name) => ({ name }));
  const { data } = await owner.client.from("parents").insert(rows).select().throwOnError();
  return data;
}

describe("what a mutation returns", () => {
  test("insert().select().single() returns the row with ISO times", async () => {
    const { data, status } = await owner.client
      .from("parents")
      .insert({ name: "single" })
      .select()
      .single();

    expect(status).toBe(201);
    expect(data).toMatchObject({ name: "single", status: "new", user_id: owner.id });
    expect(data.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/);
  });

  test("a mutation without select returns nothing", async () => {
    const { data, status } = await owner.client.from("parents").insert({ name: "silent" });

    expect([status, data]).toEqual([201, null]);
  });

  test("an update that changes what it filters by still returns its rows, with children", async () => {
    const [parent] = await newParents("embedded");
    await owner.client
      .from("children")
      .insert([
        { parent_id: parent.id, label: "second" },
        { parent_id: parent.id, label: "first" },
      ])
      .throwOnError();

    const { data } = await owner.client
      .from("parents")
      .update({ status: "done" })
      .eq("status", "new")
      .eq("name", "embedded")
      .select("status, children(label)")
      .order("label", { referencedTable: "children" })
      .single()
      .throwOnError();

    expect(data).toEqual({
      status: "done",
      children: [{ label: "first" }, { label: "second" }],
    });
  });

  test("rows with embedding come in the order of the mutation", async () => {
    const { data } = await stack
      .service()
      .from("pairs")
      .insert([
        { a: 2, b: 'x,"y' },
        { a: 1, b: "z" },
      ])
      .select("first:a, b")
      .throwOnError();

    expect(data).toEqual([
      { first: 2, b: 'x,"y' },
      { first: 1, b: "z" },
    ]);
  });

  test("a deletion returns the children that went with it", async () => {
    const [parent] = await newParents("deleted");
    await owner.client.from("children").insert({ parent_id: parent.id, label: "gone" });

    const { data } = await owner.client
      .from("parents")
      .delete()
      .eq("id", parent.id)
      .select("name, children(label)")
      .single()
      .throwOnError();

    expect(data).toEqual({ name: "deleted", children: [{ label: "gone" }] });
    const left = await stack.service().from("children").select().eq("parent_id", parent.id);
    expect(left.data).toEqual([]);
  });

  test("upsert updates the row that is there", async () => {
    const [parent] = await newParents("upserted");

    const { data } = await owner.client
      .from("parents")
      .upsert({ name: "upserted", status: "again" }, { onConflict: "name" })
      .select("id, status, children(label)")
      .single()
      .throwOnError();

    expect(data).toEqual({ id: parent.id, status: "again", children: [] });
  });

  test("upsert with ignoreDuplicates leaves it", async () => {
    await newParents("ignored");

    const { data } = await owner.client
      .from("parents")
      .upsert({ name: "ignored", status: "again" }, { onConflict: "name", ignoreDuplicates: true })
      .select()
      .throwOnError();

    expect(data).toEqual([]);
  });
});

test("a refused mutation says why, with embedding as without", async () => {
  await newParents("taken");
  const insert = () => owner.client.from("parents").insert([{ name: "free" }, { name: "taken" }]);

  const plain = await insert().select();
  const embedded = await insert().select("name, children(label)");

  expect([plain.status, plain.error?.code]).toEqual([409, "23505"]);
  expect(embedded.error).toEqual(plain.error);
  expect((await owner.client.from("parents").select().eq("name", "free")).data).toEqual([]);
});

describe(".single() on other than one row", () => {
  test.each([
    ["plain columns", "*"],
    ["embedded children", "*, children(*)"],
  ])("refuses two rows and changes neither (%s)", async (_, columns) => {
    const names = [`two of ${columns}`, `two, too, of ${columns}`];
    await newParents(...names);

    const { error, status } = await owner.client
      .from("parents")
      .update({ status: "changed" })
      .in("name", names)
      .select(columns)
      .single();

    expect([status, error?.code, error?.details]).toEqual([
      406,
      "PGRST116",
      "The result contains 2 rows",
    ]);
    const { data } = await owner.client.from("parents").select("status").in("name", names);
    expect(data).toEqual([{ status: "new" }, { status: "new" }]);
  });

  test("refuses none, where maybeSingle() gives null", async () => {
    const none = () =>
      owner.client.from("parents").update({ status: "x" }).eq("name", "nobody").select();

    expect((await none().single()).error?.code).toBe("PGRST116");
    expect(await none().maybeSingle()).toMatchObject({ data: null, error: null });
  });

  test("a stranger's row is none", async () => {
    const [parent] = await newParents("not yours");

    const { error } = await stranger.client
      .from("parents")
      .update({ status: "stolen" })
      .eq("id", parent.id)
      .select("*, children(*)")
      .single();

    expect(error?.code).toBe("PGRST116");
  });
});

test("missing columns of a bulk insert are null, or their default when asked", async () => {
  const rows = [{ name: "short" }, { name: "long", status: "given" }];

  const asNull = await owner.client.from("parents").insert(rows);
  const asDefault = await owner.client
    .from("parents")
    .insert(rows, { defaultToNull: false })
    .select("status");

  expect(asNull.error?.code).toBe("23502");
  expect(asDefault.data).toEqual([{ status: "new" }, { status: "given" }]);
});
